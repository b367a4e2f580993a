//! Passwords in a form that can be recognised: a word for "password", a colon or "is", and something behind it.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

use super::{Found, GAP, SecretKind, in_word, window};

/// A password is not looked for further ahead than this, in bytes.
const AHEAD: usize = 300;

/// A word that a secret follows, folded by [`folded`], and how the secret must look.
struct Label {
    word: &'static str,
    looks: fn(&str) -> bool,
}

const fn label(word: &'static str, looks: fn(&str) -> bool) -> Label {
    Label { word, looks }
}

/// Anything that is not empty.
fn anything(value: &str) -> bool {
    !value.is_empty()
}

/// A key: long, and letters and digits mixed.
fn key(value: &str) -> bool {
    value.len() >= 12 && is_strong(value)
}

/// Three or four digits, as they stand on a card.
fn code(value: &str) -> bool {
    (3..=4).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
}

/// English, German, Vietnamese, and what the desk's other correspondents write; the longer of two that begin alike first.
const LABELS: &[Label] = &[
    label("passwords", anything),
    label("password", anything),
    label("passwort", anything),
    label("passphrase", anything),
    label("passcode", anything),
    label("kennwort", anything),
    label("zugangscode", anything),
    label("pwd", anything),
    label("pw", anything),
    label("mat khau", anything),
    label("matkhau", anything),
    label("mk", is_strong),
    label("mot de passe", anything),
    label("contrasena", anything),
    label("wachtwoord", anything),
    label("senha", anything),
    label("haslo", anything),
    label("пароль", anything),
    label("密码", anything),
    label("パスワード", anything),
    label("aws_secret_access_key", key),
    label("secret access key", key),
    label("client_secret", key),
    label("client secret", key),
    label("secret key", key),
    label("secret", key),
    label("private key", key),
    label("access key", key),
    label("api_key", key),
    label("api key", key),
    label("api-key", key),
    label("apikey", key),
    label("access_token", key),
    label("access token", key),
    label("auth token", key),
    label("token", key),
    label("cvv2", code),
    label("cvv", code),
    label("cvc2", code),
    label("cvc", code),
    label("prufziffer", code),
    label("kartenprufnummer", code),
];

/// First bytes of labels: most words begin with none of them, and are not compared with all labels.
const INITIALS: [bool; 256] = {
    let mut initials = [false; 256];
    let mut place = 0;
    while place < LABELS.len() {
        initials[LABELS[place].word.as_bytes()[0] as usize] = true;
        place += 1;
    }
    initials
};

/// Words that may stand between the label and the colon.
const BETWEEN: &[&str] = &[
    "moi", "cu", "cua toi", "hien tai", "wifi", "wlan", "neu", "new",
];

/// Words that stand for the colon; what follows them must look like a password.
const IS: &[&str] = &["is", "ist", "lautet", "la", "est", "es", "e", "was", "war"];

/// Finds passwords, and the password in an address such as `https://user:password@host`.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut done = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let starts = at >= done && !before.is_some_and(char::is_alphanumeric);
        before = Some(c);
        let value = match c {
            ':' => in_address(text, at),
            _ if starts && c.is_alphabetic() => initial(text, at).and_then(|first| {
                let mut alike = LABELS.iter().filter(|it| it.word.as_bytes()[0] == first);
                alike.find_map(|label| behind(text, at, label))
            }),
            _ => None,
        };
        if let Some(value) = value.filter(|value| value.start >= done) {
            done = value.end;
            let kind = SecretKind::Password;
            found.push(Found { at: value, kind });
        }
    }
    found
}

/// The first byte of the word at `at` as labels spell it, if one begins with it.
fn initial(text: &str, at: usize) -> Option<u8> {
    let rest = text.get(at..)?;
    let first = next_folded(&mut rest.char_indices().peekable())?;
    let byte = first.encode_utf8(&mut [0; 4]).as_bytes()[0];
    INITIALS[usize::from(byte)].then_some(byte)
}

/// The secret behind a label that stands at `at`.
fn behind(text: &str, at: usize, label: &Label) -> Option<Range<usize>> {
    let mut place = at + spelled(text.get(at..)?, label.word)?;
    place += spaces(text, place);
    if let Some(word) = BETWEEN
        .iter()
        .find_map(|word| spelled(text.get(place..)?, word))
    {
        place += word;
        place += spaces(text, place);
    }
    let rest = window(text, place, AHEAD);
    // "Passwort (WLAN): ..." and "\"password\": \"...\"" are the same to us.
    let closing = rest
        .find([':', '=', '：', '\n'])
        .filter(|end| *end <= 24 && (*end <= 2 || rest.starts_with('(')));
    if let Some(end) = closing.filter(|end| !rest[*end..].starts_with('\n')) {
        let sign = rest[end..].chars().next()?;
        return value(text, place + end + sign.len_utf8(), label, false);
    }
    let word = IS.iter().find_map(|word| spelled(rest, word))?;
    value(text, place + word, label, true)
}

/// The secret that begins behind the sign: a quotation, or what stands to the next space.
fn value(text: &str, after: usize, label: &Label, must_look: bool) -> Option<Range<usize>> {
    let mut start = after + spaces(text, after);
    if text.get(start..)?.starts_with([':', '=']) {
        start += 1;
        start += spaces(text, start);
    }
    let mut next_line = false;
    if text.get(start..)?.starts_with(['\n', '\r']) {
        start += text
            .get(start..)?
            .bytes()
            .take_while(|b| matches!(b, b'\n' | b'\r' | b' ' | b'>'))
            .count();
        next_line = true;
    }
    let rest = window(text, start, AHEAD);
    if let Some(quoted) = quotation(rest) {
        let value = rest.get(quoted.clone())?;
        let masked = value == GAP || !(label.looks)(value);
        return (!masked).then(|| start + quoted.start..start + quoted.end);
    }
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let value = rest
        .get(..end)?
        .trim_end_matches([',', ';', '.', ')', '"', '\'', '”', '“', '»', '*']);
    let word_is_all = rest.get(end..)?.split('\n').next()?.trim().is_empty();
    let must_look = must_look || next_line || !word_is_all;
    let fits = (label.looks)(value) && (!must_look || is_strong(value));
    let other = value.starts_with(GAP)
        || value.starts_with("http://")
        || value.starts_with("https://")
        || value
            .chars()
            .all(|c| matches!(c, '*' | '•' | '.' | '-' | '_' | '…'));
    (fits && !other).then(|| start..start + value.len())
}

fn quotation(text: &str) -> Option<Range<usize>> {
    let open = text.chars().next()?;
    let close = match open {
        '"' | '\'' | '`' => open,
        '“' => '”',
        '„' => '“',
        '«' => '»',
        _ => return None,
    };
    let start = open.len_utf8();
    let body: usize = text
        .get(start..)?
        .chars()
        .take_while(|c| *c != close && *c != '\n')
        .take(200)
        .map(char::len_utf8)
        .sum();
    text.get(start + body..)?
        .starts_with(close)
        .then(|| start..start + body)
}

/// Whether something looks like no word of a sentence: a digit, a sign inside, or a capital behind a small letter.
fn is_strong(value: &str) -> bool {
    let inner = value.trim_matches(|c: char| !c.is_alphanumeric());
    let sign = |c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-');
    let humps = inner
        .chars()
        .zip(inner.chars().skip(1))
        .any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    value.chars().count() >= 4
        && (value.chars().any(char::is_numeric) || inner.chars().any(sign) || humps)
}

/// The password of `scheme://user:password@host`, whose colon stands at `at`.
fn in_address(text: &str, at: usize) -> Option<Range<usize>> {
    let part = |c: char| !c.is_whitespace() && !matches!(c, '/' | '@' | ':' | '<' | '>' | '"');
    let before: String = text
        .get(..at)?
        .chars()
        .rev()
        .take(80)
        .take_while(|c| part(*c) || *c == '/')
        .collect();
    // Read backwards: the user's name, then the two slashes; the scheme's colon stands before them.
    let (user, _) = before.split_once("//")?;
    let start = at + 1;
    let length: usize = text
        .get(start..)?
        .chars()
        .take(200)
        .take_while(|c| part(*c))
        .map(char::len_utf8)
        .sum();
    let is_password =
        text.get(start + length..)?.starts_with('@') && !user.is_empty() && length > 0;
    (is_password && text.get(start..start + length)? != GAP).then(|| start..start + length)
}

/// Spaces, and the stars of bold print; four stars stand for what was masked before.
fn spaces(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let mut stars = 0;
    let skipped = rest.chars().take_while(|c| {
        stars += usize::from(*c == '*');
        stars <= 2 && matches!(c, ' ' | '\t' | '\u{a0}' | '*')
    });
    skipped.map(char::len_utf8).sum()
}

/// How many bytes of `text` spell `word`, if a whole word ends there.
fn spelled(text: &str, word: &str) -> Option<usize> {
    let mut letters = text.char_indices().peekable();
    for wanted in word.chars() {
        if next_folded(&mut letters)? != wanted {
            return None;
        }
    }
    while letters.next_if(|(_, c)| folded(*c).is_none()).is_some() {}
    let end = letters.peek().map_or(text.len(), |(at, _)| *at);
    let goes_on = letters.peek().is_some_and(|(_, c)| in_word(*c));
    // Chinese and Japanese write no spaces.
    (!goes_on || !word.is_ascii() && !word.starts_with('п')).then_some(end)
}

fn next_folded(letters: &mut Peekable<CharIndices<'_>>) -> Option<char> {
    loop {
        let (_, c) = letters.next()?;
        if let Some(c) = folded(c) {
            return Some(c);
        }
    }
}

/// A letter in small and without its marks, as far as the labels need it; none for a mark that stands by itself, as in
/// decomposed Unicode.
pub(super) fn folded(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c.to_ascii_lowercase());
    }
    let c = c.to_lowercase().next().unwrap_or(c);
    Some(match c {
        '\u{300}'..='\u{36f}' => return None,
        'à'..='å' | 'ă' | 'ạ'..='ặ' => 'a',
        'đ' => 'd',
        'è'..='ë' | 'ẹ'..='ệ' => 'e',
        'ì'..='ï' | 'ỉ' | 'ị' | 'ĩ' => 'i',
        'ł' => 'l',
        'ñ' => 'n',
        'ò'..='ö' | 'ơ' | 'ọ'..='ợ' => 'o',
        'ù'..='ü' | 'ũ' | 'ư' | 'ụ'..='ự' => 'u',
        '\u{a0}' => ' ',
        c => c,
    })
}
