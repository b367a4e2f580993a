//! Mail by which a provider asks whoever sets a desk up to confirm something.

use crate::inbound::InboundMail;

/// A provider's own words about setting mail up: who writes them, and what their subject holds.
struct Provider {
    /// The address, or its domain after `@`.
    from: &'static str,
    /// One of these stands in the subject, in lower case; empty for any subject.
    about: &'static [&'static str],
}

/// Source: the confirmation mails of the providers themselves, as they come; the words of SES's notice are those of
/// <https://docs.aws.amazon.com/ses/latest/dg/receiving-email-getting-started.html>.
const PROVIDERS: &[Provider] = &[
    Provider {
        from: "forwarding-noreply@google.com",
        about: &[],
    },
    Provider {
        from: "@google.com",
        about: &["gmail forwarding confirmation"],
    },
    Provider {
        from: "@microsoft.com",
        about: &["forwarding", "verify your email"],
    },
    Provider {
        from: "@accountprotection.microsoft.com",
        about: &["verify your email", "forwarding"],
    },
    Provider {
        from: "@zohocorp.com",
        about: &["forward"],
    },
    Provider {
        from: "@zoho.com",
        about: &["forward"],
    },
    Provider {
        from: "@zoho.eu",
        about: &["forward"],
    },
    Provider {
        from: "@fastmail.com",
        about: &["forward", "confirm your email", "verify"],
    },
    Provider {
        from: "@icloud.com",
        about: &["forwarding confirmation", "verify your forwarding"],
    },
    Provider {
        from: "@amazon.com",
        about: &["amazon ses setup notification"],
    },
    Provider {
        from: "@amazonses.com",
        about: &["setup notification"],
    },
];

/// Whether the mail asks whoever sets the desk up to confirm something, such as that a mailbox may forward to it.
///
/// Such mail carries a link or a code that no customer and no agent is to use, so it never opens a ticket. The sender is
/// not looked into: a forged one is kept from the queues all the same.
pub fn is_setup_notice(mail: &InboundMail) -> bool {
    let Some(from) = mail.from.first() else {
        return false;
    };
    let (from, subject) = (from.address.to_lowercase(), mail.subject.to_lowercase());
    PROVIDERS.iter().any(|provider| {
        let theirs = if provider.from.starts_with('@') {
            from.ends_with(provider.from)
        } else {
            from == provider.from
        };
        let about = provider.about;
        theirs && (about.is_empty() || about.iter().any(|word| subject.contains(word)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn is(from: &str, subject: &str) -> bool {
        let raw = format!("From: {from}\nSubject: {subject}\n\nPlease click.\n");
        is_setup_notice(&parse(raw.as_bytes(), None).unwrap_or_default())
    }

    #[test]
    fn confirmations_of_forwarding_are_the_operators() {
        for (from, subject) in [
            (
                "Gmail Team <forwarding-noreply@google.com>",
                "(#123456789) Gmail Forwarding Confirmation - Receive Mail from billing@shop.example",
            ),
            ("forwarding-noreply@google.com", "Xác nhận chuyển tiếp"),
            (
                "Microsoft <no-reply@microsoft.com>",
                "Confirm forwarding of your mailbox",
            ),
            (
                "Zoho Mail <noreply@zoho.com>",
                "Email Forwarding confirmation for help@shop.example",
            ),
            (
                "Fastmail <noreply@fastmail.com>",
                "Verify forwarding to help@mail.support.example.com",
            ),
            (
                "Amazon Web Services <no-reply-aws@amazon.com>",
                "Amazon SES Setup Notification",
            ),
        ] {
            assert!(is(from, subject), "{from} {subject}");
        }
    }

    #[test]
    fn a_customer_who_speaks_of_forwarding_is_a_customer() {
        for (from, subject) in [
            ("jo@gmail.example", "Gmail Forwarding Confirmation"),
            ("jo@googlemail.example", "forwarding"),
            ("ads@google.com", "Your invoice"),
            ("orders@amazon.com", "Your order has been shipped"),
        ] {
            assert!(!is(from, subject), "{from} {subject}");
        }
    }
}
