//! Mail addresses and mail servers, and patterns of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One mail address, or all of a domain: `agent@example.com`, `*@example.com`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AddressPattern(String);

/// A text that is no pattern of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address; write `name@example.com`, or `*@example.com` for a whole domain")]
pub struct InvalidPattern(String);

impl AddressPattern {
    /// Whether the address is one of those; case does not matter. Subdomains are other domains.
    pub fn matches(&self, address: &str) -> bool {
        match self.0.strip_prefix('*') {
            None => self.0.eq_ignore_ascii_case(address),
            Some(domain) => address
                .rfind('@')
                .is_some_and(|at| at > 0 && address[at..].eq_ignore_ascii_case(domain)),
        }
    }
}

impl FromStr for AddressPattern {
    type Err = InvalidPattern;
    fn from_str(text: &str) -> Result<Self, InvalidPattern> {
        plain_address(text)
            .filter(|plain| {
                !plain.contains('*') || plain.rfind('*') == Some(0) && plain.starts_with("*@")
            })
            .map(Self)
            .ok_or_else(|| InvalidPattern(text.to_owned()))
    }
}

impl fmt::Display for AddressPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for AddressPattern {
    type Error = InvalidPattern;
    fn try_from(text: String) -> Result<Self, InvalidPattern> {
        text.parse()
    }
}

impl From<AddressPattern> for String {
    fn from(pattern: AddressPattern) -> String {
        pattern.0
    }
}

/// The name of a mail server, or all names under one: `mx.example.com`, `*.example.com`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HostPattern(String);

/// A text that is no pattern of server names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not the name of a mail server; write `mx.example.com`, or `*.example.com` for all under it"
)]
pub struct InvalidHost(String);

impl HostPattern {
    /// Whether the server is one of those; case does not matter.
    pub fn matches(&self, host: &str) -> bool {
        match self.0.strip_prefix('*') {
            None => self.0.eq_ignore_ascii_case(host),
            Some(under) => {
                let host = host.to_ascii_lowercase();
                host.len() > under.len() && host.ends_with(under)
            }
        }
    }
}

impl FromStr for HostPattern {
    type Err = InvalidHost;
    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        let host = text.to_ascii_lowercase();
        let name = host.strip_prefix("*.").unwrap_or(&host);
        let label = |label: &str| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let valid = name.contains('.') && name.split('.').all(label);
        valid
            .then(|| Self(host.clone()))
            .ok_or_else(|| InvalidHost(text.to_owned()))
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for HostPattern {
    type Error = InvalidHost;
    fn try_from(text: String) -> Result<Self, InvalidHost> {
        text.parse()
    }
}

impl From<HostPattern> for String {
    fn from(pattern: HostPattern) -> String {
        pattern.0
    }
}

/// A plain mail address in lower case; none if the text is something else.
pub(crate) fn plain_address(text: &str) -> Option<String> {
    let address = text.to_ascii_lowercase();
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_graphic() && !b"<>()[]\\,;:@\"".contains(&b))
    };
    let valid = address
        .split_once('@')
        .is_some_and(|(local, domain)| plain(local) && plain(domain) && domain.contains('.'));
    valid.then_some(address)
}
