//! What people are told of what was masked.

use policy::Lang;

use super::{Masked, SecretKind};

/// A paragraph that says what was masked, in the reader's language; English where we have no words for theirs.
pub fn masked_text(masked: &[Masked], lang: &Lang) -> String {
    let items = |item: fn(SecretKind, u32) -> String| {
        let items: Vec<String> = masked.iter().map(|it| item(it.kind, it.count)).collect();
        items.join(", ")
    };
    match lang.as_str() {
        "de" => format!(
            "Ihre Nachricht enthielt vertrauliche Angaben: {}. Wir haben sie unkenntlich gemacht, bevor wir die Nachricht gespeichert haben. Bitte schicken Sie uns nie Passwörter oder vollständige Zahlungsdaten, und ändern Sie Passwörter und Schlüssel, die Sie uns geschickt haben. Anhänge durchsuchen wir nicht danach.",
            items(german)
        ),
        "vi" => format!(
            "Tin nhắn của quý khách có thông tin bảo mật: {}. Chúng tôi đã che những thông tin này trước khi lưu tin nhắn. Xin quý khách đừng gửi mật khẩu hoặc thông tin thanh toán đầy đủ cho chúng tôi và hãy đổi những mật khẩu, khóa đã gửi. Chúng tôi không kiểm tra nội dung tệp đính kèm.",
            items(vietnamese)
        ),
        _ => format!(
            "Your message held confidential data: {}. We masked it before we stored the message. Please never send us passwords or full payment data, and change passwords and keys that you have sent. We do not search attachments for them.",
            items(english)
        ),
    }
}

fn english(kind: SecretKind, count: u32) -> String {
    let (one, many) = match kind {
        SecretKind::Card => ("a card number", "card numbers"),
        SecretKind::PrivateKey => ("a private key", "private keys"),
        SecretKind::AccessKey => ("an access key", "access keys"),
        SecretKind::Token => ("an access token", "access tokens"),
        SecretKind::Password => ("a password", "passwords"),
    };
    counted(count, one, many)
}

/// In the accusative, as the sentence wants it.
fn german(kind: SecretKind, count: u32) -> String {
    let (one, many) = match kind {
        SecretKind::Card => ("eine Kartennummer", "Kartennummern"),
        SecretKind::PrivateKey => ("einen privaten Schlüssel", "private Schlüssel"),
        SecretKind::AccessKey => ("einen Zugangsschlüssel", "Zugangsschlüssel"),
        SecretKind::Token => ("ein Zugriffstoken", "Zugriffstoken"),
        SecretKind::Password => ("ein Passwort", "Passwörter"),
    };
    counted(count, one, many)
}

/// Vietnamese has no plural forms.
fn vietnamese(kind: SecretKind, count: u32) -> String {
    let what = match kind {
        SecretKind::Card => "số thẻ",
        SecretKind::PrivateKey => "khóa bí mật",
        SecretKind::AccessKey => "khóa truy cập",
        SecretKind::Token => "mã truy cập",
        SecretKind::Password => "mật khẩu",
    };
    format!("{count} {what}")
}

fn counted(count: u32, one: &str, many: &str) -> String {
    match count {
        1 => one.to_owned(),
        _ => format!("{count} {many}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_masked_is_counted_in_every_language() {
        let masked = [
            Masked {
                kind: SecretKind::Card,
                count: 2,
            },
            Masked {
                kind: SecretKind::Password,
                count: 1,
            },
        ];
        for (lang, said) in [
            ("en", "confidential data: 2 card numbers, a password."),
            ("de", "vertrauliche Angaben: 2 Kartennummern, ein Passwort."),
            ("vi", "thông tin bảo mật: 2 số thẻ, 1 mật khẩu."),
        ] {
            let text = masked_text(&masked, &Lang::new(lang).unwrap());
            assert!(text.contains(said), "{text}");
        }
    }
}
