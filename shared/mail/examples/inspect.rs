//! Reads JSON lines `{"id", "path", "format": "eml" | "text" | "html"}` on standard input and prints how each
//! mail reads, one JSON object a line. The argument is the folder that relative paths start from.

use std::{
    error::Error,
    io::{BufRead as _, Write as _, stdin, stdout},
    path::Path,
};

use mail::{InboundMail, Kind};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let base = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let input: Value = serde_json::from_str(&line?)?;
        let field = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
        let bytes = std::fs::read(Path::new(&base).join(field("path")))?;
        let mut result = match field("format").as_str() {
            "text" => json!({ "reply_text": mail::reply_text(&String::from_utf8_lossy(&bytes)) }),
            "html" => {
                json!({ "reply_text": mail::reply_text_of_html(&String::from_utf8_lossy(&bytes)) })
            }
            _ => match mail::parse(&bytes, None) {
                Ok(mail) => object(&mail),
                Err(refused) => json!({ "error": refused.to_string() }),
            },
        };
        result["id"] = input["id"].clone();
        writeln!(out, "{result}")?;
    }
    Ok(())
}

fn object(mail: &InboundMail) -> Value {
    let from = mail.from.first().cloned().unwrap_or_default();
    let kind = match mail.verdict.kind {
        Kind::FeedbackReport => "complaint",
        kind => kind.as_str(),
    };
    let attachments: Vec<Value> = mail
        .attachments
        .iter()
        .map(|a| json!({ "filename": if a.named { &a.filename } else { "" }, "bytes": a.bytes.len() }))
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
