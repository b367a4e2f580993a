//! The copy that takes the place of a raw mail that held secrets.

use jiff::Timestamp;
use mail_builder::{
    MessageBuilder,
    headers::{
        address::Address, content_type::ContentType, date::Date, message_id::MessageId, text::Text,
    },
    mime::MimePart,
};

use crate::clean;
use crate::inbound::{InboundMail, Mailbox};

const MAX_SUBJECT: usize = 300;
const MAX_NAME: usize = 100;

/// Who wrote to whom, the whole text with its secrets masked, and the attachments as they came: they are not searched.
///
/// `raw` is what the mail was parsed from, `at` when the mail reached us; it stands as its date, since what the sender wrote there may be anything. Other header fields and HTML stay behind, since a secret may stand in them too. The same mail gives the same bytes.
pub fn masked_copy(mail: &InboundMail, raw: &[u8], at: Timestamp) -> Vec<u8> {
    let id = mail
        .message_id
        .as_ref()
        .map(|id| format!("{}@{}", id.local, id.domain));
    let id = super::ids(&id.into_iter().collect::<Vec<_>>()).pop();
    let id = id.unwrap_or_else(|| "unnumbered@invalid".to_owned());
    let builder = MessageBuilder::new()
        .header("Message-ID", MessageId::new(id))
        .header("Date", Date::new(at.as_second()))
        .header("From", addresses(&mail.from))
        .header("To", addresses(&mail.to))
        .header("Cc", addresses(&mail.cc))
        .header(
            "Subject",
            Text::new(masked_line(&mail.subject, MAX_SUBJECT)),
        )
        .header("X-Troth-Copy", Text::new("secrets masked"));
    let mut parts = vec![MimePart::new("text/plain", ticket::mask(&mail.text).0)];
    // What came inside another file comes with that one.
    for attachment in mail.attachments.iter().filter(|it| it.inside.is_none()) {
        let name = masked_line(&attachment.filename, MAX_SUBJECT);
        let content = attachment.read(raw);
        let content = if attachment.damaged {
            masked_text(&content, &attachment.content_type)
        } else {
            content.into_owned()
        };
        let part = MimePart::new("application/octet-stream", content);
        parts.push(part.attachment(name));
    }
    let mut copy = Vec::new();
    let body = MimePart::new(
        ContentType::new("multipart/mixed").attribute("boundary", boundary(mail)),
        parts,
    );
    builder.body(body).serialize(&mut copy);
    copy
}

/// What a text that came damaged says, masked: no file, so it is searched like the text.
fn masked_text(content: &[u8], content_type: &str) -> Vec<u8> {
    let text = crate::inbound::decode::guess(content);
    let text = match content_type {
        "text/html" => crate::marks::remove(&crate::inbound::html::reduce(&text)),
        _ => text,
    };
    ticket::mask(&text).0.into_bytes()
}

/// A line that stands in no text of the mail. Attachments are encoded in base-64, which has no underscore.
fn boundary(mail: &InboundMail) -> String {
    (0..=mail.text.len())
        .map(|n| format!("masked_copy_{n}"))
        .find(|boundary| !mail.text.contains(boundary.as_str()))
        .unwrap_or_default()
}

fn addresses(mailboxes: &[Mailbox]) -> Address<'static> {
    let one = |mailbox: &Mailbox| {
        let name = masked_line(&mailbox.name, MAX_NAME);
        let address = clean::single_line(&mailbox.address, MAX_SUBJECT);
        Address::new_address((!name.is_empty()).then_some(name), address)
    };
    Address::new_list(mailboxes.iter().map(one).collect())
}

fn masked_line(text: &str, max: usize) -> String {
    clean::single_line(&ticket::mask(text).0, max).replace("=?", "= ?")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    #[test]
    fn a_copy_keeps_people_text_and_attachments_and_no_secret() {
        let raw: &[u8] = b"From: Jo <jo@customer.example>\r\nTo: help@desk.example\r\nSubject: card 4111 1111 1111 1111\r\n\
            X-Card: 4111111111111111\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
            --b\r\nContent-Type: text/plain\r\n\r\nPassword: hunter2\r\n> 4111-1111-1111-1111\r\n\
            --b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=shot.png\r\n\
            Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n";
        let mail = parse(raw, Some("jo@customer.example")).unwrap();
        let at = "2026-11-24T09:00:00Z".parse().unwrap();
        let copy = masked_copy(&mail, raw, at);
        assert_eq!(copy, masked_copy(&mail, raw, at));
        let text = String::from_utf8_lossy(&copy);
        for secret in ["hunter2", "4111 1111", "4111-1111", "41111111"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        let again = parse(&copy, None).unwrap();
        assert_eq!(again.from, mail.from);
        assert_eq!(again.to, mail.to);
        assert_eq!(again.subject, "card **** 1111");
        assert_eq!(again.attachments.len(), 1);
        assert_eq!(
            again.attachments[0].read(&copy),
            mail.attachments[0].read(raw)
        );
        assert!(again.text.contains("Password: [****]"), "{}", again.text);
    }

    #[test]
    fn a_text_that_came_damaged_is_masked_in_the_copy_too() {
        let raw: &[u8] = b"From: jo@customer.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHello.\n\
            --b\nContent-Type: text/html\n\n<p>Password: <b>hunter2</b> and the mail ends here";
        let mail = parse(raw, None).unwrap();
        assert_eq!((mail.text.as_str(), mail.attachments.len()), ("Hello.", 1));
        let copy = masked_copy(&mail, raw, Timestamp::UNIX_EPOCH);
        let kept = parse(&copy, None).unwrap();
        let file = kept.attachments[0].read(&copy);
        assert_eq!(
            String::from_utf8_lossy(&file),
            "Password: [****] and the mail ends here"
        );
    }

    proptest::proptest! {
        #[test]
        fn no_name_or_subject_adds_a_field_or_a_part_to_a_copy(words in "[\r\n\u{0}\u{85}\u{2028}\";:=?a-c-]{0,60}") {
            let raw = b"From: jo@customer.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHello.\n--b\nContent-Disposition: attachment; filename=a\n\nx\n--b--\n";
            let fields = |words: &str| {
                let mut mail = parse(raw, None).unwrap();
                mail.subject = words.to_owned();
                mail.from[0].name = words.to_owned();
                mail.attachments[0].filename = words.to_owned();
                let copy = masked_copy(&mail, raw, Timestamp::UNIX_EPOCH);
                let message = mail_parser::MessageParser::default().parse(&copy).unwrap();
                let headers = message.parts.iter().flat_map(|part| &part.headers);
                headers.map(|header| header.name().to_owned()).collect::<Vec<_>>()
            };
            proptest::prop_assert_eq!(fields(&words), fields("harmless"));
        }
    }
}
