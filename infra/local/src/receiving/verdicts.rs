//! Verdicts that a test sets by a header which only this runner understands.

use crate::services::ses::message::{fields, name_and_value, split};

/// The header that sets verdicts; it exists only on the way into this runner.
const VERDICT_HEADER: &str = "x-local-verdict";

/// SES's judgements of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdicts {
    pub(super) spam: String,
    pub(super) virus: String,
    pub(super) spf: String,
    pub(super) dkim: String,
    pub(super) dmarc: String,
    /// The name that SES finds for the machine that hands the mail over.
    pub(super) host: String,
}

impl Default for Verdicts {
    fn default() -> Self {
        let pass = || "PASS".to_owned();
        Self {
            spam: pass(),
            virus: pass(),
            spf: pass(),
            dkim: pass(),
            dmarc: pass(),
            host: "localhost".to_owned(),
        }
    }
}

/// Takes the verdict lines off the top; further down they are an ordinary header that a sender wrote.
pub(super) fn strip(raw: &[u8]) -> (Verdicts, Vec<u8>) {
    let mut verdicts = Verdicts::default();
    let mut length = 0;
    for field in fields(split(raw).0) {
        match name_and_value(field) {
            Some((name, value)) if name.eq_ignore_ascii_case(VERDICT_HEADER) => {
                value
                    .split_whitespace()
                    .for_each(|word| set(&mut verdicts, word));
                length += field.len();
            }
            _ => break,
        }
    }
    let rest = raw[length..].to_vec();
    (verdicts, rest)
}

fn set(verdicts: &mut Verdicts, word: &str) {
    let Some((which, verdict)) = word.split_once('=') else {
        return;
    };
    if which.eq_ignore_ascii_case("host") {
        verdicts.host = verdict.to_lowercase();
        return;
    }
    let verdict = verdict.to_uppercase();
    match which.to_lowercase().as_str() {
        "spam" => verdicts.spam = verdict,
        "virus" => verdicts.virus = verdict,
        "spf" => verdicts.spf = verdict,
        "dkim" => verdicts.dkim = verdict,
        "dmarc" => verdicts.dmarc = verdict,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_on_top_are_taken_and_stripped_and_forged_ones_below_stay() {
        let raw = b"X-Local-Verdict: dmarc=FAIL spf=gray\r\nX-Local-Verdict: spam=FAIL\r\n\
            From: a@x\r\nX-Local-Verdict: virus=FAIL\r\n\r\nhi";
        let (verdicts, rest) = strip(raw);
        assert_eq!(
            (
                verdicts.dmarc.as_str(),
                verdicts.spf.as_str(),
                verdicts.spam.as_str()
            ),
            ("FAIL", "GRAY", "FAIL")
        );
        assert_eq!(
            (verdicts.virus.as_str(), verdicts.dkim.as_str()),
            ("PASS", "PASS")
        );
        assert!(rest.starts_with(b"From: a@x\r\nX-Local-Verdict: virus=FAIL"));
    }
}
