//! The delivery status notification that SES's feedback forwarding sends.

use jiff::Timestamp;

use super::message::{rfc2822, split};
use super::{message_id_domain, new_message_id};

/// A DSN to `sender` about `recipient`, with the original's header attached.
pub(crate) fn notification(
    sender: &str,
    recipient: &str,
    original: &[u8],
    at: Timestamp,
) -> Vec<u8> {
    let domain = message_id_domain();
    let id = new_message_id(at);
    let date = rfc2822(at);
    let boundary = format!("dsn-{id}");
    let mut out = format!(
        "From: MAILER-DAEMON@{domain}\r\n\
         To: {sender}\r\n\
         Subject: Delivery Status Notification (Failure)\r\n\
         Date: {date}\r\n\
         Message-ID: <{id}@{domain}>\r\n\
         Auto-Submitted: auto-replied\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"{boundary}\"\r\n\
         \r\n\
         --{boundary}\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\
         \r\n\
         An error occurred while trying to deliver the mail to the following recipients:\r\n\
         {recipient}\r\n\
         --{boundary}\r\n\
         Content-Type: message/delivery-status\r\n\
         \r\n\
         Reporting-MTA: dns; {domain}\r\n\
         \r\n\
         Final-Recipient: rfc822;{recipient}\r\n\
         Action: failed\r\n\
         Status: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 The address does not exist\r\n\
         \r\n\
         --{boundary}\r\n\
         Content-Type: text/rfc822-headers\r\n\
         \r\n"
    )
    .into_bytes();
    out.extend_from_slice(split(original).0);
    out.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::MessageParser;

    #[test]
    fn a_notification_is_a_delivery_report_that_names_the_lost_recipient() {
        let original = b"Subject: Hello\r\nMessage-ID: <sent@x>\r\n\r\nsecret body";
        let raw = notification("desk@x", "gone@y", original, Timestamp::UNIX_EPOCH);
        let parsed = MessageParser::default().parse(&raw).unwrap();
        let kind = mail_parser::MimeHeaders::content_type(&parsed).unwrap();
        assert_eq!(kind.attribute("report-type"), Some("delivery-status"));
        let text = String::from_utf8(raw).unwrap();
        assert!(text.contains("Final-Recipient: rfc822;gone@y\r\n"));
        assert!(text.contains("Message-ID: <sent@x>") && !text.contains("secret body"));
    }
}
