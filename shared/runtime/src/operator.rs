//! The part of a stack that an operator's command works on.

use std::collections::BTreeMap;

use crate::config::{Aws, ConfigError, Reader};

/// What a command on the table and its files needs of a function's environment: less than a function does.
#[derive(Clone)]
pub struct OperatorConfig {
    /// `TABLE_NAME`: the one table.
    pub table: String,
    /// `MAIL_BUCKET`: raw mail, long bodies, the sources of policies.
    pub mail_bucket: String,
    /// `PEPPER_SECRET`: ARN of the secret that hashes addresses; only what names people or mails needs it.
    pub pepper_secret: Option<String>,
    /// `URGENT_QUEUE_URL`, `BULK_QUEUE_URL` and `ON_FAILURE_QUEUE_URL`; only `troth redrive` needs them.
    pub queues: BTreeMap<&'static str, String>,
    aws: Aws,
}

/// The variables that name queues.
const QUEUES: [&str; 3] = ["URGENT_QUEUE_URL", "BULK_QUEUE_URL", "ON_FAILURE_QUEUE_URL"];

impl OperatorConfig {
    /// Reads variables from a map: the process' own, or those that a local runner gives out.
    ///
    /// # Errors
    /// Names every variable that is missing.
    pub fn read(variables: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut reader = Reader {
            variables,
            faults: Vec::new(),
        };
        let config = Self {
            table: reader.required("TABLE_NAME"),
            mail_bucket: reader.required("MAIL_BUCKET"),
            pepper_secret: variables
                .get("PEPPER_SECRET")
                .filter(|name| !name.is_empty())
                .cloned(),
            queues: QUEUES
                .iter()
                .filter_map(|name| Some((*name, variables.get(*name)?.clone())))
                .filter(|(_, url)| !url.is_empty())
                .collect(),
            aws: Aws::read(&mut reader),
        };
        if reader.faults.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError(reader.faults))
        }
    }
}

impl AsRef<Aws> for OperatorConfig {
    fn as_ref(&self) -> &Aws {
        &self.aws
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_needs_table_bucket_and_credentials_and_names_all_that_is_missing() {
        let error = OperatorConfig::read(&BTreeMap::new()).err().unwrap();
        assert_eq!(
            error.to_string(),
            "the environment is incomplete: TABLE_NAME is missing; MAIL_BUCKET is missing; AWS_REGION is missing; \
             AWS_ACCESS_KEY_ID is missing; AWS_SECRET_ACCESS_KEY is missing"
        );
    }
}
