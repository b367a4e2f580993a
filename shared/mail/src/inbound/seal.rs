//! Signed and encrypted mail: told by structure, neither verified nor opened.

use super::mime::Part;

/// How a mail is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Seal {
    /// Signed (S/MIME or PGP): the text can be read, the signature is an attachment.
    Signed,
    /// Encrypted (S/MIME or PGP): the text is an attachment that only the right key opens.
    Encrypted,
}

/// The outermost seal of a mail, that of a forwarded mail inside apart.
pub(crate) fn of(parts: &[Part<'_>], text: &str) -> Option<Seal> {
    let mut own = parts
        .iter()
        .take_while(|part| !part.mime.starts_with("message/"));
    own.find_map(by_type).or_else(|| by_armour(text))
}

fn by_type(part: &Part<'_>) -> Option<Seal> {
    match part.mime.as_str() {
        "multipart/signed" => Some(Seal::Signed),
        "multipart/encrypted" => Some(Seal::Encrypted),
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
            let declared = part.headers.content_type("content-type");
            let kind = declared.as_ref().and_then(|c| c.attribute("smime-type"));
            let signed = kind.is_some_and(|k| k.eq_ignore_ascii_case("signed-data"));
            Some(if signed {
                Seal::Signed
            } else {
                Seal::Encrypted
            })
        }
        _ => None,
    }
}

/// PGP within the text (RFC 4880 6.2), at its beginning: a quoted block further down is not the mail's own.
fn by_armour(text: &str) -> Option<Seal> {
    let start = text.trim_start();
    if start.starts_with("-----BEGIN PGP SIGNED MESSAGE-----") {
        Some(Seal::Signed)
    } else if start.starts_with("-----BEGIN PGP MESSAGE-----") {
        Some(Seal::Encrypted)
    } else {
        None
    }
}
