//! Reads the SAM template: YAML with `CloudFormation` tags in, a [`Stack`] of
//! plain values out. Whatever it does not understand is an error with a place.

mod document;
mod events;
mod functions;
mod intrinsics;
mod model;
mod names;
mod receipts;
mod resources;
mod secrets;
#[cfg(test)]
mod tests;

use std::path::Path;

#[cfg(test)]
pub(crate) use model::Redrive;
pub(crate) use model::{
    ConfigurationSet, EventRule, EventSource, FunctionSpec, QueueSpec, ReceiptRule, Route,
    Schedule, SecretSpec, SecretValue, Stack, TableSpec,
};
pub(crate) use names::arn;

use document::Document;
use intrinsics::Resolver;

/// The region that the runner claims to be in.
pub(crate) const REGION: &str = "eu-central-1";
/// The account that the runner claims to be.
pub(crate) const ACCOUNT: &str = "123456789012";

/// Where a template cannot be run, and why.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TemplateError {
    /// The file is missing or unreadable.
    #[error("cannot read the template {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not YAML.
    #[error("the template is not valid YAML: {0}")]
    Yaml(#[from] serde_yaml_ng::Error),
    /// An intrinsic that the runner does not evaluate.
    #[error("{at}: the intrinsic {name} is not known to the local runner")]
    UnknownIntrinsic {
        /// Path of keys to the node.
        at: String,
        /// The intrinsic as written, in long form.
        name: String,
    },
    /// Anything else that is wrong at one place.
    #[error("{at}: {what}")]
    At {
        /// Path of keys to the node.
        at: String,
        /// What is wrong and what would be right.
        what: String,
    },
}

impl TemplateError {
    pub(crate) fn at(at: &str, what: impl Into<String>) -> Self {
        Self::At {
            at: at.to_owned(),
            what: what.into(),
        }
    }
}

/// Addresses that intrinsics resolve to; known once the ports are bound.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    /// `http://127.0.0.1:PORT` of the HTTP API.
    pub(crate) http_api: String,
    /// `http://127.0.0.1:PORT` of SQS; queue URLs start with it.
    pub(crate) sqs: String,
}

/// Reads and resolves the template at `path`.
pub(crate) fn load(path: &Path, addresses: Addresses) -> Result<Stack, TemplateError> {
    let text = std::fs::read_to_string(path).map_err(|source| TemplateError::Read {
        path: path.display().to_string(),
        source,
    })?;
    parse(&text, addresses)
}

/// Reads and resolves template text.
pub(crate) fn parse(text: &str, addresses: Addresses) -> Result<Stack, TemplateError> {
    let document = Document::parse(text)?;
    let resolver = Resolver::new(&document, addresses)?;
    resources::stack(&document, &resolver)
}
