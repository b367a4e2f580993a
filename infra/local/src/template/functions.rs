//! Functions with the template's globals merged in.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::intrinsics::Resolver;
use super::model::{AsyncConfig, FunctionSpec};
use super::{TemplateError, events};

/// Reads one `AWS::Serverless::Function`.
pub(crate) fn function(
    id: &str,
    properties: &Value,
    globals: &Value,
    resolver: &Resolver<'_>,
) -> Result<FunctionSpec, TemplateError> {
    let at = format!("Resources.{id}.Properties");
    let property = |name: &str| {
        let own = &properties[name];
        let node = if own.is_null() { &globals[name] } else { own };
        resolver.eval(node, &format!("{at}.{name}"))
    };
    let code = property("CodeUri")?;
    let package = code
        .as_str()
        .and_then(|uri| uri.trim_end_matches('/').rsplit('/').next())
        .filter(|name| !name.is_empty())
        .ok_or_else(|| TemplateError::at(&at, "CodeUri must end with the function's folder"))?
        .to_owned();
    let mut environment = BTreeMap::new();
    for (source, whose) in [(globals, "Globals.Function"), (properties, at.as_str())] {
        variables(source, whose, resolver, &mut environment)?;
    }
    let reserved = property("ReservedConcurrentExecutions")?;
    let timeout = number(&property("Timeout")?, 3, &format!("{at}.Timeout"))?;
    Ok(FunctionSpec {
        id: id.to_owned(),
        package,
        timeout: Duration::from_secs(timeout),
        memory_mib: number(&property("MemorySize")?, 128, &format!("{at}.MemorySize"))?,
        environment,
        reserved: reserved.as_u64().and_then(|n| usize::try_from(n).ok()),
        asynchronous: asynchronous(&property("EventInvokeConfig")?, &at)?,
    })
}

fn variables(
    source: &Value,
    whose: &str,
    resolver: &Resolver<'_>,
    into: &mut BTreeMap<String, String>,
) -> Result<(), TemplateError> {
    let Some(map) = source["Environment"]["Variables"].as_object() else {
        return Ok(());
    };
    for (name, node) in map {
        let at = format!("{whose}.Environment.Variables.{name}");
        into.insert(name.clone(), resolver.text(node, &at)?);
    }
    Ok(())
}

/// Reads an evaluated `EventInvokeConfig`, SAM's property or the plain resource.
pub(crate) fn asynchronous(config: &Value, at: &str) -> Result<AsyncConfig, TemplateError> {
    let default = AsyncConfig::default();
    let on_failure = &config["DestinationConfig"]["OnFailure"];
    let on_failure = match on_failure["Destination"].as_str() {
        Some(arn) if arn.starts_with("arn:aws:sqs:") => Some(events::last(arn).to_owned()),
        Some(other) => {
            return Err(TemplateError::at(
                at,
                format!("on-failure destinations are queues here, not {other}"),
            ));
        }
        None => None,
    };
    let retries = number(&config["MaximumRetryAttempts"], 2, at)?;
    let max_age = number(
        &config["MaximumEventAgeInSeconds"],
        default.max_age.as_secs(),
        at,
    )?;
    Ok(AsyncConfig {
        retries: u32::try_from(retries).unwrap_or(2),
        max_age: Duration::from_secs(max_age),
        on_failure,
    })
}

/// A number, or the default where the template says nothing.
pub(crate) fn number(node: &Value, default: u64, at: &str) -> Result<u64, TemplateError> {
    match node {
        Value::Null => Some(default),
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
    .ok_or_else(|| TemplateError::at(at, "is not a whole number"))
}
