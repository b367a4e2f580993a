//! Addresses: read, normalised, and judged as to whether the sender can be told for certain.

use mail_parser::{Address, HeaderValue, parsers::MessageStream};

use super::{
    encoded_word::{self, decode_text},
    headers::{Headers, terminated},
};
use crate::clean;

/// One person or mailbox of a header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// The display name, one line; empty if there is none.
    pub name: String,
    /// The address with its domain in lower case and in ASCII (IDN as Punycode); empty if none can be read.
    pub address: String,
}

/// Mailboxes kept of one kind of header; more are not needed to route or to answer.
const MAX_MAILBOXES: usize = 500;
const MAX_NAME: usize = 200;

/// The mailboxes of all fields of a name; groups are flattened.
pub(crate) fn mailboxes(headers: &Headers<'_>, name: &str) -> Vec<Mailbox> {
    let mut out = Vec::new();
    for raw in headers.all(name) {
        read(raw, &mut out);
    }
    out.truncate(MAX_MAILBOXES);
    out
}

fn read(raw: &[u8], out: &mut Vec<Mailbox>) {
    let value = terminated(&unslash(encoded_word::repair(raw)));
    let HeaderValue::Address(parsed) = MessageStream::new(&value).parse_address() else {
        return;
    };
    let list = match parsed {
        Address::List(list) => list,
        Address::Group(groups) => groups.into_iter().flat_map(|g| g.addresses).collect(),
    };
    for addr in list {
        let name = addr.name.as_deref().unwrap_or_default();
        let address = addr.address.as_deref().unwrap_or_default();
        let mut mailbox = Mailbox {
            name: clean::single_line(name.trim_matches(['"', '\'', ' ']), MAX_NAME),
            address: normalise(address).unwrap_or_default(),
        };
        if mailbox.address.is_empty()
            && let Some(found) = tokens(name).next().and_then(normalise)
        {
            mailbox.address = found;
        }
        if !mailbox.name.is_empty() || !mailbox.address.is_empty() {
            out.push(mailbox);
        }
    }
}

/// Some clients send an unpaired quote in a name; read as an open string it would swallow the address.
fn unslash(value: Vec<u8>) -> Vec<u8> {
    let quotes = memchr::memchr_iter(b'"', &value).count();
    if quotes % 2 == 1 && !value.contains(&b'\\') {
        return value.into_iter().filter(|b| *b != b'"').collect();
    }
    value
}

/// An address in the one form that is compared, hashed and shown, or `None` if it is none.
///
/// The domain is lower case and ASCII, so that two spellings of one domain are one and look-alike
/// letters are seen. The local part keeps its case, which its owner's server may heed.
pub fn normalise(text: &str) -> Option<String> {
    let text = text
        .trim()
        .trim_start_matches('<')
        .trim_end_matches('>')
        .trim();
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let (local, domain) = text.rsplit_once('@')?;
    let local = local.trim().trim_matches('"').trim_matches('\'');
    let domain = domain.trim().trim_end_matches(['.', '\'', '"', '>']);
    let hostile = |c: char| {
        c.is_whitespace() || c.is_control() || clean::is_invisible(c) || "<>()[],;:\\\"".contains(c)
    };
    if local.is_empty() || local.contains(hostile) || local.contains('@') {
        return None;
    }
    let domain = ascii_domain(domain)?;
    (local.len() + domain.len() < 254).then(|| format!("{local}@{domain}"))
}

fn ascii_domain(domain: &str) -> Option<String> {
    if domain.starts_with('[') && domain.ends_with(']') {
        let inner = &domain[1..domain.len() - 1];
        let plain = inner
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b".:-".contains(&b));
        return plain.then(|| domain.to_ascii_lowercase());
    }
    // What is ASCII is taken as it is, underscores too: mail comes from such hosts, whatever the rules for names say.
    let domain = if domain.is_ascii() {
        domain.to_ascii_lowercase()
    } else {
        idna::domain_to_ascii(domain).ok()?
    };
    let plain = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    domain.split('.').all(plain).then_some(domain)
}

/// The words of a text that look like addresses.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "<>()[],;:\"'".contains(c))
        .filter(|t| {
            t.split_once('@')
                .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
        })
}

/// Whether the From header leaves any doubt about who sent the mail.
///
/// A mail server judges one address of it and we might read another, so several fields or mailboxes, a
/// group, an unreadable address, or another address inside a name, comment or encoded word count as doubt.
pub(crate) fn sender_is_ambiguous(headers: &Headers<'_>, from: &[Mailbox]) -> bool {
    let fields: Vec<&[u8]> = headers.all("from").collect();
    let ([field], [only]) = (fields.as_slice(), from) else {
        return true;
    };
    if only.address.is_empty() {
        return true;
    }
    let seen = decode_text(field);
    if seen.chars().any(clean::is_invisible) || seen.contains("=?") {
        return true;
    }
    let group = seen.trim_end().ends_with(';');
    let other =
        tokens(&seen).any(|t| normalise(t).is_none_or(|a| !a.eq_ignore_ascii_case(&only.address)));
    let counted = seen.matches('@').count() != tokens(&seen).count();
    group || other || counted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbound::limits::Limits;

    fn headers(text: &str) -> Headers<'_> {
        match Headers::read(text.as_bytes(), 0, &Limits::DEFAULT, |_| false) {
            Ok((headers, _)) | Err((headers, _)) => headers,
        }
    }

    fn ambiguous(text: &str) -> bool {
        let headers = headers(text);
        sender_is_ambiguous(&headers, &mailboxes(&headers, "from"))
    }

    #[test]
    fn a_domain_has_one_spelling() {
        for (given, want) in [
            ("Jo@EXAMPLE.com.", "Jo@example.com"),
            (" <mailto:jo@example.com> ", "jo@example.com"),
            ("\"jo\"@example.com", "jo@example.com"),
            ("jo@Bücher.example", "jo@xn--bcher-kva.example"),
            ("jo@例え。テスト", "jo@xn--r8jz45g.xn--zckzah"),
        ] {
            assert_eq!(normalise(given).as_deref(), Some(want), "{given}");
        }
        for broken in [
            "jo",
            "@example.com",
            "a b@example.com",
            "jo@ex ample.com",
            "jo@-\u{202E}x.com",
            "a@b@c.com",
        ] {
            assert_eq!(normalise(broken), None, "{broken}");
        }
        // 63 octets are possible (RFC 1035 2.3.4), counted in the form that DNS asks for.
        let label = format!("{}\u{fc}", "a".repeat(57));
        assert_eq!(normalise(&format!("jo@{label}.example")), None);
    }

    #[test]
    fn names_and_groups_are_read() {
        let h = headers(
            "To: =?utf-8?Q?M=C3=BCller=2C_A?= <a@x.example>, team: b@x.example, c@x.example;\n",
        );
        let got = mailboxes(&h, "to");
        assert_eq!(
            got[0],
            Mailbox {
                name: "Müller, A".into(),
                address: "a@x.example".into()
            }
        );
        assert_eq!(got.len(), 3);
    }

    #[test]
    fn one_plain_sender_is_certain() {
        assert!(!ambiguous("From: Jo <jo@x.example>\n"));
        assert!(!ambiguous("From: \"jo@x.example\" <Jo@X.example>\n"));
        assert!(!ambiguous("From: jo@x.example (Jo)\n"));
    }

    #[test]
    fn every_trick_with_the_sender_is_seen() {
        for trick in [
            "From: a@x.example\nFrom: b@x.example\n",
            "From: a@x.example, b@x.example\n",
            "From: \"agent@us.example\" <evil@x.example>\n",
            "From: =?utf-8?Q?agent=40us.example?= <evil@x.example>\n",
            "From: (agent@us.example) evil@x.example\n",
            "From: staff: agent@us.example;\n",
            "From: agent@us.example <evil@x.example>\n",
            "From: Jo\n",
            "To: jo@x.example\n",
            "From: <agent@us.example>evil@x.example\n",
            "From: a\u{200B}gent <evil@x.example>\n",
            "From: <@hop.example:agent@us.example>\n",
        ] {
            assert!(ambiguous(trick), "{trick}");
        }
    }
}
