//! Who handed a mail to SES.

use super::headers::Headers;

/// The name of the machine that handed the mail over, as the receiving SES found it: of the topmost `Received` line only,
/// which SES wrote itself, and of that the name that it looked up, not the one that the machine gave.
///
/// Further down anybody can write such lines. The line reads
/// `from HELO (name [address]) by inbound-smtp.REGION.amazonaws.com with SMTP id ...`.
pub(super) fn handed_over_by(headers: &Headers<'_>) -> Option<String> {
    let line = headers.text("received")?;
    let (from, rest) = line
        .split_once(" by ")
        .or_else(|| line.split_once("\tby "))?;
    let by = rest.split_whitespace().next()?;
    if !by.starts_with("inbound-smtp.") {
        return None;
    }
    let looked_up = from.split_once('(')?.1.split_whitespace().next()?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
    (looked_up.contains('.') && looked_up.bytes().all(plain))
        .then(|| looked_up.to_ascii_lowercase())
}
