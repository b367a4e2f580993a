//! What becomes of a mail that held secrets.

use serde::{Deserialize, Serialize};

/// Days for which a mail that held secrets is kept where the policy keeps it; the bucket of `infra/template.yaml` deletes it
/// then.
pub const SECRETS_KEPT_DAYS: u32 = 30;

/// What becomes of the raw mail once its secrets were masked; without the section it is deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretMail {
    /// The clause of the published page that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Whether it is kept apart for [`SECRETS_KEPT_DAYS`], so that a lead can have it shown, which the ticket's log tells.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep_for_lead: bool,
}

impl SecretMail {
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
