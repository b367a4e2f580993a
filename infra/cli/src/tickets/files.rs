//! Files that came with messages, as people and programs read them.

use serde_json::{Value, json};
use ticket::{AttachmentNote, Withheld};

use super::text;

/// Under full names; the table keeps them short.
pub(super) fn as_json(file: &AttachmentNote) -> Value {
    json!({
        "name": file.name,
        "bytes": file.bytes,
        "type": file.kind,
        "sha256": file.sha256,
        "object": file.key.as_ref().map(runtime::file_object),
        "withheld": file.withheld,
    })
}

/// In one line: what it is, and where its bytes are.
pub(super) fn as_text(file: &AttachmentNote) -> String {
    let mut parts = vec![text::line(&file.name), format!("{} bytes", file.bytes)];
    parts.extend(file.kind.clone());
    parts.extend(
        file.sha256
            .as_ref()
            .map(|digest| format!("SHA-256 {digest}")),
    );
    parts.push(match (&file.key, file.withheld) {
        (Some(key), _) => runtime::file_object(key),
        (None, Some(Withheld::Virus)) => "withheld: a scanner found a virus".to_owned(),
        (None, Some(Withheld::Secret)) => {
            "withheld: a damaged text of a mail with secrets".to_owned()
        }
        (None, Some(Withheld::TooMany)) => "in the raw mail only: beyond the limit".to_owned(),
        (None, None) => "in the raw mail only".to_owned(),
    });
    parts.join(", ")
}
