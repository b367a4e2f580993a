//! Configuration: read once, all faults reported at once.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What `infra/template.yaml` tells a function through its environment.
#[derive(Clone)]
pub struct Config {
    /// `TABLE_NAME`: the one table.
    pub table: String,
    /// `MAIL_BUCKET`: raw mail, long bodies.
    pub mail_bucket: String,
    /// `URGENT_QUEUE_URL`: notices that cannot wait.
    pub urgent_queue_url: String,
    /// `BULK_QUEUE_URL`: notices that can.
    pub bulk_queue_url: String,
    /// `SIGNING_KEY_SECRET`: ARN of the secret that signs links and reply addresses.
    pub signing_key_secret: String,
    /// `PEPPER_SECRET`: ARN of the secret that hashes addresses.
    pub pepper_secret: String,
    /// `MAIL_DOMAIN`: the domain that receives and sends.
    pub mail_domain: String,
    /// `CONFIGURATION_SET`: the one that mail is sent under, so that SES tells what it did with it.
    pub configuration_set: String,
    /// `FORM_URL`: where the form and the customers' pages are, without a slash at the end. Empty for [`Links::Relative`].
    pub form_url: String,
    /// `FUNCTION_TIMEOUT_SECONDS`: equal to the function's timeout; the deadline minus this is when an invocation began.
    pub timeout: Duration,
    pub(crate) aws: Aws,
}

/// What the SDK needs; Lambda sets it for every function.
#[derive(Clone)]
pub struct Aws {
    pub(crate) region: String,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    /// `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` by their names, where the services are not Amazon's own.
    pub(crate) endpoints: BTreeMap<String, String>,
}

/// Whether a function writes links for people who are not on its own pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// It mails links, so it needs `FORM_URL`.
    Absolute,
    /// It serves the pages itself; the template cannot tell it its own URL without a circle.
    Relative,
}

/// Everything that is wrong with the environment, so that one look at the log is enough to repair it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment is incomplete: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct ConfigError(pub Vec<Fault>);

/// One fault of the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The variable is absent or empty.
    Missing(&'static str),
    /// The variable is not what it should be; the second text says what that is.
    Invalid(&'static str, &'static str),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "{name} is missing"),
            Self::Invalid(name, wanted) => write!(f, "{name} must be {wanted}"),
        }
    }
}

impl Config {
    /// Reads the process' environment.
    ///
    /// # Errors
    /// Names every variable that is missing or invalid; the deployment is to be repaired.
    pub fn from_env(links: Links) -> Result<Self, ConfigError> {
        Self::read(&environment(), links)
    }

    /// Reads variables from a map, as a runner that is not a process of its own has them.
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn read(variables: &BTreeMap<String, String>, links: Links) -> Result<Self, ConfigError> {
        let mut reader = Reader {
            variables,
            faults: Vec::new(),
        };
        let config = Self {
            table: reader.required("TABLE_NAME"),
            mail_bucket: reader.required("MAIL_BUCKET"),
            urgent_queue_url: reader.required("URGENT_QUEUE_URL"),
            bulk_queue_url: reader.required("BULK_QUEUE_URL"),
            signing_key_secret: reader.required("SIGNING_KEY_SECRET"),
            pepper_secret: reader.required("PEPPER_SECRET"),
            mail_domain: reader.required("MAIL_DOMAIN"),
            configuration_set: reader.required("CONFIGURATION_SET"),
            form_url: match links {
                Links::Absolute => reader.url("FORM_URL"),
                Links::Relative => String::new(),
            },
            timeout: reader.seconds("FUNCTION_TIMEOUT_SECONDS"),
            aws: Aws::read(&mut reader),
        };
        if reader.faults.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError(reader.faults))
        }
    }
}

impl AsRef<Aws> for Config {
    fn as_ref(&self) -> &Aws {
        &self.aws
    }
}

impl Aws {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let is_endpoint =
            |name: &str| name == "AWS_ENDPOINT_URL" || name.starts_with("AWS_ENDPOINT_URL_");
        let endpoints = reader
            .variables
            .iter()
            .filter(|(name, value)| is_endpoint(name) && !value.is_empty());
        Self {
            region: reader.required("AWS_REGION"),
            access_key_id: reader.required("AWS_ACCESS_KEY_ID"),
            secret_access_key: reader.required("AWS_SECRET_ACCESS_KEY"),
            session_token: reader.optional("AWS_SESSION_TOKEN").map(str::to_owned),
            endpoints: endpoints
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        }
    }
}

pub(crate) struct Reader<'a> {
    pub(crate) variables: &'a BTreeMap<String, String>,
    pub(crate) faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    fn optional(&self, name: &str) -> Option<&'a str> {
        self.variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    pub(crate) fn required(&mut self, name: &'static str) -> String {
        let value = self.optional(name);
        if value.is_none() {
            self.faults.push(Fault::Missing(name));
        }
        value.unwrap_or_default().to_owned()
    }

    fn url(&mut self, name: &'static str) -> String {
        let url = self.required(name);
        if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
            self.faults
                .push(Fault::Invalid(name, "a URL that begins with https://"));
        }
        url.trim_end_matches('/').to_owned()
    }

    fn seconds(&mut self, name: &'static str) -> Duration {
        let text = self.required(name);
        // Lambda's own limits.
        let seconds = text
            .parse()
            .ok()
            .filter(|seconds| (1..=900).contains(seconds));
        if seconds.is_none() && !text.is_empty() {
            self.faults
                .push(Fault::Invalid(name, "a number of seconds from 1 to 900"));
        }
        Duration::from_secs(seconds.unwrap_or_default())
    }
}

/// The environment's variables that are text; others cannot be ours.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The table's name for metrics, before there is a configuration; empty where it is missing, which the configuration says.
pub(crate) fn table_name() -> String {
    environment().remove("TABLE_NAME").unwrap_or_default()
}

/// The log level asked for: `RUST_LOG` on a developer's machine, else `LOG_LEVEL` from the template.
pub(crate) fn log_level() -> Option<String> {
    let mut variables = environment();
    ["RUST_LOG", "LOG_LEVEL"]
        .iter()
        .find_map(|name| variables.remove(*name).filter(|level| !level.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::variables;

    #[test]
    fn a_complete_environment_is_read_field_by_field() {
        let config = Config::read(&variables(), Links::Absolute).ok().unwrap();
        assert_eq!(config.table, "<TABLE_NAME>");
        assert_eq!(config.pepper_secret, "<PEPPER_SECRET>");
        assert_eq!(config.form_url, "https://desk.example.com");
        assert_eq!(config.timeout, Duration::from_secs(15));
        assert_eq!(config.aws.session_token, None);
    }

    #[test]
    fn all_faults_are_reported_at_once_and_by_name() {
        let mut variables = variables();
        variables.remove("TABLE_NAME");
        variables.insert("MAIL_DOMAIN".to_owned(), String::new());
        variables.insert("FORM_URL".to_owned(), "desk.example.com".to_owned());
        variables.insert("FUNCTION_TIMEOUT_SECONDS".to_owned(), "soon".to_owned());
        let error = Config::read(&variables, Links::Absolute).err().unwrap();
        assert_eq!(
            error.to_string(),
            "the environment is incomplete: TABLE_NAME is missing; MAIL_DOMAIN is missing; \
             FORM_URL must be a URL that begins with https://; \
             FUNCTION_TIMEOUT_SECONDS must be a number of seconds from 1 to 900"
        );
    }

    #[test]
    fn an_empty_environment_names_every_variable() {
        let error = Config::read(&BTreeMap::new(), Links::Absolute)
            .err()
            .unwrap();
        // All but the endpoint, which only a local runner sets.
        assert_eq!(error.0.len(), variables().len() - 1);
        assert!(
            error
                .0
                .iter()
                .all(|fault| matches!(fault, Fault::Missing(_)))
        );
    }

    #[test]
    fn only_a_function_that_mails_links_needs_the_forms_url() {
        let mut variables = variables();
        variables.remove("FORM_URL");
        assert!(Config::read(&variables, Links::Relative).is_ok());
        assert_eq!(
            Config::read(&variables, Links::Absolute).err().unwrap().0,
            [Fault::Missing("FORM_URL")]
        );
    }
}
