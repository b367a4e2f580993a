//! The one reading of an e-mail address that a person typed.

/// An address that mail can be sent to, in the form in which incoming mail is compared with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address(String);

impl Address {
    /// Longest address that SMTP carries (RFC 5321, 4.5.3.1.3, without the angle brackets).
    const MAX_BYTES: usize = 254;

    /// Reads one plain address: no display name, no second address, nothing that could end a header line.
    ///
    /// Quoted local parts and address literals are refused too: nobody types them, and each is a way to hide something.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain =
            |c: char| !c.is_control() && !c.is_whitespace() && !"\"'<>()[],;:\\".contains(c);
        let (local, domain) = text.split_once('@')?;
        let fits = text.len() <= Self::MAX_BYTES
            && local.len() <= 64
            && text.chars().all(plain)
            && !domain.contains('@');
        let dotted = |part: &str| part.split('.').all(|label| !label.is_empty());
        let named = domain.contains('.')
            && domain
                .split('.')
                .all(|label| !label.starts_with('-') && !label.ends_with('-'));
        if !(fits && dotted(local) && dotted(domain) && named) {
            return None;
        }
        mail::normalise(text).map(Self)
    }

    /// The address; its domain is lower case and ASCII.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_addresses_are_taken_in_one_form() {
        for (typed, kept) in [
            ("customer@example.com", "customer@example.com"),
            (
                "  First.Last+tag@Example.COM ",
                "First.Last+tag@example.com",
            ),
            (
                "o_brien-1@mail.example.co.uk",
                "o_brien-1@mail.example.co.uk",
            ),
            ("käufer@example.com", "käufer@example.com"),
            ("info@bücher.example", "info@xn--bcher-kva.example"),
        ] {
            assert_eq!(Address::parse(typed).unwrap().as_str(), kept, "{typed}");
        }
    }

    #[test]
    fn whatever_is_not_one_plain_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        let longer = format!("a@{}.com", "b.".repeat(150));
        for typed in [
            "",
            "customer",
            "@example.com",
            "customer@",
            "customer@example",
            "customer@@example.com",
            "a@b@example.com",
            "a@example.com, b@example.com",
            "a@example.com;b@example.com",
            "Name <a@example.com>",
            "\"a b\"@example.com",
            "a b@example.com",
            "a@exam ple.com",
            "a@example.com\r\nBcc: b@example.com",
            "a\0@example.com",
            "a@example..com",
            "a@.example.com",
            ".a@example.com",
            "a.@example.com",
            "a@-example.com",
            "a@[127.0.0.1]",
            "mailto:a@example.com",
            &long,
            &longer,
        ] {
            assert_eq!(Address::parse(typed), None, "{typed:?}");
        }
    }
}
