//! Keys and tokens that say what they are: by the prefix their issuer gives them, by their three parts, by the word before them.

use std::ops::Range;

use super::{Found, SecretKind};

/// A prefix, how much follows it at least, and what that consists of.
struct Issued {
    prefix: &'static str,
    least: usize,
    of: fn(u8) -> bool,
}

const fn issued(prefix: &'static str, least: usize, of: fn(u8) -> bool) -> Issued {
    Issued { prefix, least, of }
}

const fn upper(b: u8) -> bool {
    b.is_ascii_uppercase() || b.is_ascii_digit()
}

const fn plain(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')
}

/// As their issuers document them.
const ISSUED: &[Issued] = &[
    // AWS access keys, lasting and temporary.
    issued("AKIA", 16, upper),
    issued("ASIA", 16, upper),
    // GitHub, GitLab.
    issued("ghp_", 30, plain),
    issued("gho_", 30, plain),
    issued("ghu_", 30, plain),
    issued("ghs_", 30, plain),
    issued("ghr_", 30, plain),
    issued("github_pat_", 22, plain),
    issued("glpat-", 20, plain),
    // Slack.
    issued("xoxb-", 10, plain),
    issued("xoxa-", 10, plain),
    issued("xoxp-", 10, plain),
    issued("xoxr-", 10, plain),
    issued("xoxs-", 10, plain),
    issued("xapp-", 10, plain),
    // Stripe and those who followed it.
    issued("sk_live_", 10, plain),
    issued("sk_test_", 10, plain),
    issued("rk_live_", 10, plain),
    issued("rk_test_", 10, plain),
    issued("whsec_", 16, plain),
    // Google, OpenAI and Anthropic, npm, SendGrid, Shopify.
    issued("AIza", 35, plain),
    issued("sk-", 32, plain),
    issued("npm_", 30, plain),
    issued("SG.", 40, |b| plain(b) || b == b'.'),
    issued("shpat_", 30, plain),
];

/// A JSON web token begins with `{"` in base-64.
const JSON: &str = "eyJ";

/// The words before a token.
const SCHEMES: [&str; 2] = ["bearer", "basic"];

/// First bytes of all that is looked for: most words begin with none of them, and are not compared with all of it.
const INITIALS: [bool; 256] = {
    let mut initials = [false; 256];
    let mut place = 0;
    while place < ISSUED.len() {
        initials[ISSUED[place].prefix.as_bytes()[0] as usize] = true;
        place += 1;
    }
    initials[JSON.as_bytes()[0] as usize] = true;
    place = 0;
    while place < SCHEMES.len() {
        let first = SCHEMES[place].as_bytes()[0];
        initials[first as usize] = true;
        initials[first.to_ascii_uppercase() as usize] = true;
        place += 1;
    }
    initials
};

/// Finds keys and tokens.
pub(super) fn find(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let inside = at > 0 && plain(bytes[at - 1]);
        let may_begin = !inside && INITIALS[usize::from(bytes[at])];
        match may_begin.then(|| at_word(text, at)).flatten() {
            Some(it) => {
                at = it.at.end;
                found.push(it);
            }
            None => at += 1,
        }
    }
    found
}

/// The key or token that begins with the word at `at`.
fn at_word(text: &str, at: usize) -> Option<Found> {
    let rest = text.get(at..)?;
    let found = |at: Range<usize>, kind| Some(Found { at, kind });
    for it in ISSUED {
        if let Some(body) = rest.strip_prefix(it.prefix) {
            let length = run(body, it.of);
            // Behind a shorter or longer run stands something else that begins alike.
            let whole = body.as_bytes().get(length).is_none_or(|b| !plain(*b));
            if length >= it.least && whole {
                return found(at..at + it.prefix.len() + length, SecretKind::AccessKey);
            }
        }
    }
    if rest.starts_with(JSON) {
        let length = web_token(rest)?;
        return found(at..at + length, SecretKind::Token);
    }
    let scheme = SCHEMES.into_iter().find(|scheme| {
        let head = rest.as_bytes().get(..scheme.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()))
    })?;
    let gap = run(&rest[scheme.len()..], |b| b == b' ' || b == b':');
    let start = scheme.len() + gap;
    let secret = rest.get(start..)?;
    let length = run(secret, |b| {
        plain(b) || matches!(b, b'.' | b'~' | b'+' | b'/' | b'=')
    });
    let is_random = secret[..length].bytes().any(|b| b.is_ascii_digit())
        && secret[..length].bytes().any(|b| b.is_ascii_alphabetic());
    if gap == 0 || length < 16 || !is_random {
        return None;
    }
    found(at + start..at + start + length, SecretKind::Token)
}

/// Header, claims and signature, each in base-64 without padding; an unsigned one has an empty signature.
fn web_token(text: &str) -> Option<usize> {
    let header = run(text, plain);
    let claims = run(text.get(header..)?.strip_prefix('.')?, plain);
    let signature = text.get(header + 1 + claims..)?.strip_prefix('.')?;
    let length = header + claims + 2 + run(signature, plain);
    (header >= 10 && claims >= 10).then_some(length)
}

fn run(text: &str, of: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|b| of(*b)).count()
}
