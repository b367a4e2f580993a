//! Card numbers: an issuer's range and length, the check digit, and a grouping that people use.

use std::ops::Range;

use super::{Found, SecretKind, in_word};

/// Digits of the longest card number (ISO/IEC 7812).
const LONGEST: usize = 19;

/// A group of digits in a row of groups.
#[derive(Debug, Clone)]
struct Group {
    at: Range<usize>,
    digits: [u8; LONGEST + 1],
    length: usize,
}

impl Group {
    fn new(at: usize) -> Self {
        Self {
            at: at..at,
            digits: [0; LONGEST + 1],
            length: 0,
        }
    }

    /// Adds a digit that ends at `end`. One more than the longest number has is enough to tell that it is none.
    fn push(&mut self, digit: u8, end: usize) {
        self.at.end = end;
        if let Some(place) = self.digits.get_mut(self.length) {
            *place = digit;
            self.length += 1;
        }
    }

    fn digits(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }
}

/// Finds card numbers, written in one piece or in groups.
///
/// Groups stand in a row while at most three separators, or one end of a line, stand between them.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut row: Vec<Group> = Vec::new();
    let mut gap = 0;
    let mut account_ends = 0;
    let mut in_a_word = false;
    for (at, c) in text.char_indices() {
        if !in_a_word && c.is_ascii_uppercase() {
            account_ends = account_ends.max(at + account_number(&text[at..]));
        }
        in_a_word = in_word(c);
        let value = digit(c).filter(|_| at >= account_ends);
        match (value, row.last_mut()) {
            (Some(value), Some(group)) if gap == 0 => group.push(value, at + c.len_utf8()),
            (Some(value), _) => {
                gap = 0;
                let mut group = Group::new(at);
                group.push(value, at + c.len_utf8());
                row.push(group);
            }
            (None, None) => {}
            (None, Some(_)) if separates(c) && gap < 3 => gap += 1,
            (None, Some(_)) if c == '\n' && gap == 0 => gap = 3,
            (None, Some(_)) => {
                in_row(text, &row, &mut found);
                row.clear();
                gap = 0;
            }
        }
    }
    in_row(text, &row, &mut found);
    found
}

fn in_row(text: &str, row: &[Group], found: &mut Vec<Found>) {
    let mut first = 0;
    while let Some(rest) = row.get(first..).filter(|rest| !rest.is_empty()) {
        if let Some((groups, at)) = card_at(text, rest) {
            let kind = SecretKind::Card;
            found.push(Found { at, kind });
            first += groups;
        } else {
            first += 1;
        }
    }
}

/// Stars, and the last four digits.
pub(super) fn mask(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(|c| digit(*c).is_some()).collect();
    let last = digits.len().saturating_sub(4);
    let last: String = digits.iter().skip(last).collect();
    format!("**** {last}")
}

/// The shortest card number that begins with the first group: how many groups, and where.
fn card_at(text: &str, row: &[Group]) -> Option<(usize, Range<usize>)> {
    let first = row.first()?;
    if !begins(text, first.at.start) {
        return None;
    }
    let mut digits: Vec<u8> = Vec::with_capacity(LONGEST);
    for (place, group) in row.iter().enumerate() {
        // People group by four; the middle of an American Express number by six, and what is left stands last.
        if place > 0 && row.get(place - 1).is_some_and(|before| before.length < 4) {
            return None;
        }
        digits.extend(group.digits());
        if digits.len() > LONGEST {
            return None;
        }
        let at = first.at.start..group.at.end;
        if is_card(&digits) && ends(text, at.end) {
            return Some((place + 1, at));
        }
    }
    None
}

/// Whether an issuer gives out such numbers, and the check digit is right.
fn is_card(digits: &[u8]) -> bool {
    let head = |n: usize| {
        digits
            .iter()
            .take(n)
            .fold(0u32, |sum, d| sum * 10 + u32::from(*d))
    };
    let length = digits.len();
    let issued = match (head(2), head(4)) {
        // Visa.
        (40..=49, _) => matches!(length, 13 | 16 | 19),
        // Mastercard; Mir.
        (51..=55, _) | (_, 2221..=2720 | 2200..=2204) => length == 16,
        // American Express.
        (34 | 37, _) => length == 15,
        // Diners Club.
        (36 | 38 | 39, _) | (_, 3000..=3059) => length == 14,
        // Discover, JCB, UnionPay, NAPAS.
        (65 | 62, _) | (_, 6011 | 6440..=6499 | 3528..=3589 | 9704) => (16..=19).contains(&length),
        // Maestro, as far as its ranges are its own.
        (_, 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763) => (13..=19).contains(&length),
        _ => false,
    };
    issued && luhn(digits)
}

/// The check digit of ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u8]) -> bool {
    let doubled = |(place, digit): (usize, &u8)| match (place % 2, u32::from(*digit) * 2) {
        (1, double) if double > 9 => double - 9,
        (1, double) => double,
        _ => u32::from(*digit),
    };
    let sum: u32 = digits.iter().rev().enumerate().map(doubled).sum();
    sum.is_multiple_of(10)
}

/// Numbers that say what they are, in the words that stand right before them: they are none of a card.
const OTHER_NUMBERS: &[&str] = &[
    "order no",
    "order number",
    "order id",
    "tracking no",
    "tracking number",
    "tracking id",
    "ticket no",
    "ticket number",
    "invoice no",
    "invoice number",
    "customer number",
    "customer no",
    "serial number",
    "serial no",
    "imei",
    "iban",
    "bestellnummer",
    "auftragsnummer",
    "sendungsnummer",
    "trackingnummer",
    "rechnungsnummer",
    "kundennummer",
    "seriennummer",
    "vorgangsnummer",
    "ticketnummer",
    "telefon",
    "ma don hang",
    "ma van don",
    "so don hang",
    "so hoa don",
    "so seri",
    "ma ve",
    "ma khach hang",
];

/// Whether a number may begin here: not inside a word or a longer code, not behind a plus sign, and not said to be another.
fn begins(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let mut back = before.chars().rev();
    match back.next() {
        Some(c) if in_word(c) || c == '+' => return false,
        Some('-' | '.') if back.next().is_some_and(in_word) => return false,
        _ => {}
    }
    let line: String = before
        .chars()
        .rev()
        .take(24)
        .take_while(|c| *c != '\n')
        .collect();
    let label: String = line
        .chars()
        .rev()
        .filter_map(super::password::folded)
        .collect();
    let label = label.trim_end_matches([' ', ':', '#', '.', '=', '(']);
    !OTHER_NUMBERS.iter().any(|known| {
        label
            .strip_suffix(known)
            .is_some_and(|rest| !rest.ends_with(in_word))
    })
}

/// Whether a number may end here: no word and no code goes on.
fn ends(text: &str, at: usize) -> bool {
    let mut rest = text.get(at..).unwrap_or_default().chars();
    match rest.next() {
        Some(c) if in_word(c) => false,
        Some('-') => !rest.next().is_some_and(char::is_alphanumeric),
        Some('.') => !rest.next().is_some_and(char::is_numeric),
        _ => true,
    }
}

fn digit(c: char) -> Option<u8> {
    let value = match c {
        '0'..='9' => u32::from(c) - u32::from('0'),
        // Full-width digits, as East Asian keyboards write them.
        '\u{ff10}'..='\u{ff19}' => u32::from(c) - 0xff10,
        _ => return None,
    };
    u8::try_from(value).ok()
}

fn separates(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '.' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2010}'..='\u{2013}' | '\u{3000}'
    )
}

/// The length of the account number (ISO 13616) that the text begins with; 0 if with none. Its groups of four would else
/// pass for a card's one time in ten that a range fits.
fn account_number(text: &str) -> usize {
    let mut letters = String::new();
    for (at, c) in text.char_indices().take(45) {
        let expected = match letters.len() {
            0 | 1 => c.is_ascii_uppercase(),
            2 | 3 => c.is_ascii_digit(),
            _ => c.is_ascii_uppercase() || c.is_ascii_digit(),
        };
        if expected {
            letters.push(c);
        } else if letters.len() < 4 || !matches!(c, ' ' | '\u{a0}') {
            return if is_iban(&letters) { at } else { 0 };
        }
    }
    let end = text.char_indices().nth(45).map_or(text.len(), |(at, _)| at);
    if is_iban(&letters) { end } else { 0 }
}

fn is_iban(letters: &str) -> bool {
    if !(15..=34).contains(&letters.len()) {
        return false;
    }
    let (head, rest) = letters.split_at(4);
    let rest = rest
        .chars()
        .chain(head.chars())
        .filter_map(|c| c.to_digit(36));
    rest.fold(0, |sum, value| {
        let shift = if value > 9 { 100 } else { 10 };
        (sum * shift + value) % 97
    }) == 1
}
