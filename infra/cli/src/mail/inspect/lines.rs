//! Mails named by JSON lines, answered by JSON lines: for measuring many at once.

use std::io::{BufRead, Write};
use std::path::PathBuf;

use mail::{InboundMail, Kind};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Error;

#[derive(Debug, Deserialize)]
struct Input {
    id: Value,
    path: PathBuf,
    #[serde(default)]
    format: Format,
}

/// What a file holds.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// A raw mail.
    #[default]
    Eml,
    /// A plain text body.
    Text,
    /// An HTML body.
    Html,
}

/// Answers each line with how its mail reads.
pub(super) fn answer(input: impl BufRead, out: &mut impl Write) -> Result<(), Error> {
    for (number, line) in (1..).zip(input.lines()) {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let input: Input = serde_json::from_str(&line).map_err(|err| Error::Line(number, err))?;
        let bytes = std::fs::read(&input.path).map_err(|err| Error::File(input.path, err))?;
        let mut result = reading(&bytes, &input.format);
        result["id"] = input.id;
        writeln!(out, "{result}")?;
    }
    Ok(())
}

fn reading(bytes: &[u8], format: &Format) -> Value {
    let text = || String::from_utf8_lossy(bytes);
    match format {
        Format::Text => json!({ "reply_text": mail::reply_text(&text()) }),
        Format::Html => json!({ "reply_text": mail::reply_text_of_html(&text()) }),
        Format::Eml => match mail::parse(bytes, None) {
            Ok(mail) => object(&mail),
            Err(refused) => json!({ "error": refused.to_string() }),
        },
    }
}

fn object(mail: &InboundMail) -> Value {
    let from = mail.from.first().cloned().unwrap_or_default();
    let kind = match mail.verdict.kind {
        // The word that scorers of mail corpora use.
        Kind::FeedbackReport => "complaint",
        kind => kind.as_str(),
    };
    let own = mail.attachments.iter().filter(|a| a.inside.is_none());
    let attachments: Vec<Value> = own
        .map(|a| json!({ "filename": if a.named { &a.filename } else { "" }, "bytes": a.size }))
        .collect();
    json!({
        "from_addr": from.address,
        "from_name": from.name,
        "to": mail.to.iter().map(|m| &m.address).collect::<Vec<_>>(),
        "subject": mail.subject,
        "text": mail.text,
        "reply_text": mail.reply_text,
        "attachments": attachments,
        "kind": kind,
        "machine_request": mail.verdict.machine_request,
        "evidence": mail.verdict.evidence,
    })
}
