//! SAM events of a function: routes, queue sources and schedules.

use std::time::Duration;

use serde_json::Value;

use super::intrinsics::Resolver;
use super::model::{EventRule, EventSource, Route, Schedule, Stack};
use super::{TemplateError, functions};

/// Adds one SAM event of `function` to the stack.
pub(crate) fn add(
    stack: &mut Stack,
    function: &str,
    name: &str,
    event: &Value,
    resolver: &Resolver<'_>,
) -> Result<(), TemplateError> {
    let at = format!("Resources.{function}.Properties.Events.{name}");
    let kind = event["Type"].as_str().unwrap_or_default();
    let properties = resolver.eval(&event["Properties"], &at)?;
    match kind {
        "HttpApi" => stack.routes.push(route(&properties, function)),
        "SQS" => stack.sources.push(source(&properties, function, &at)?),
        "EventBridgeRule" => stack
            .event_rules
            .push(rule(&properties["Pattern"], function, &at)?),
        "Schedule" | "ScheduleV2" => {
            let expression = ["ScheduleExpression", "Schedule"]
                .iter()
                .find_map(|key| properties[key].as_str())
                .unwrap_or_default();
            if properties["State"].as_str() != Some("DISABLED") {
                stack.schedules.push(Schedule {
                    id: format!("{function}{name}"),
                    period: rate(expression, &at)?,
                    function: function.to_owned(),
                    input: properties["Input"].as_str().map(str::to_owned),
                });
            }
        }
        other => {
            return Err(TemplateError::at(
                &at,
                format!("the local runner has no event type `{other}`"),
            ));
        }
    }
    Ok(())
}

fn route(properties: &Value, function: &str) -> Route {
    let text = |key: &str| properties[key].as_str().map(str::to_owned);
    Route {
        method: text("Method").map_or("ANY".to_owned(), |method| {
            match method.to_uppercase().as_str() {
                "*" | "ANY" => "ANY".to_owned(),
                other => other.to_owned(),
            }
        }),
        path: text("Path").unwrap_or_else(|| "$default".to_owned()),
        function: function.to_owned(),
    }
}

/// Reads an event pattern; what the runner cannot match is refused, because it would match too much.
fn rule(pattern: &Value, function: &str, at: &str) -> Result<EventRule, TemplateError> {
    let known = ["source", "detail-type"];
    let fields = pattern.as_object().into_iter().flatten();
    if let Some((field, _)) = fields
        .clone()
        .find(|(field, _)| !known.contains(&field.as_str()))
    {
        return Err(TemplateError::at(
            at,
            format!("the local runner matches events by source and detail-type, not by `{field}`"),
        ));
    }
    let texts = |field: &str| -> Vec<String> {
        let list = pattern[field].as_array().into_iter().flatten();
        list.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    Ok(EventRule {
        function: function.to_owned(),
        sources: texts("source"),
        detail_types: texts("detail-type"),
    })
}

/// Reads an SQS event source, in SAM's or in plain `CloudFormation` spelling.
pub(crate) fn source(
    properties: &Value,
    function: &str,
    at: &str,
) -> Result<EventSource, TemplateError> {
    let arn = ["Queue", "EventSourceArn"]
        .iter()
        .find_map(|key| properties[key].as_str())
        .ok_or_else(|| TemplateError::at(at, "names no queue"))?;
    let number = |node: &Value, default| functions::number(node, default, at);
    let kinds = properties["FunctionResponseTypes"].as_array();
    Ok(EventSource {
        queue: last(arn).to_owned(),
        function: function.to_owned(),
        batch_size: usize::try_from(number(&properties["BatchSize"], 10)?).unwrap_or(10),
        max_concurrency: usize::try_from(number(
            &properties["ScalingConfig"]["MaximumConcurrency"],
            5,
        )?)
        .unwrap_or(5),
        partial: kinds.is_some_and(|kinds| kinds.iter().any(|k| k == "ReportBatchItemFailures")),
    })
}

/// The last part of an ARN: a queue's or a function's name.
pub(crate) fn last(arn: &str) -> &str {
    arn.rsplit([':', '/']).next().unwrap_or(arn)
}

/// `rate(5 minutes)`; other expressions are refused, because they would not run.
pub(crate) fn rate(expression: &str, at: &str) -> Result<Duration, TemplateError> {
    let unsupported = || {
        TemplateError::at(
            at,
            format!("the local runner knows rate(N minutes|hours|days), not `{expression}`"),
        )
    };
    let inner = expression
        .strip_prefix("rate(")
        .and_then(|rest| rest.strip_suffix(')'))
        .ok_or_else(unsupported)?;
    let (count, unit) = inner.trim().split_once(' ').ok_or_else(unsupported)?;
    let count: u64 = count.parse().map_err(|_| unsupported())?;
    let seconds = match unit.trim_end_matches('s') {
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        _ => return Err(unsupported()),
    };
    if count == 0 {
        return Err(unsupported());
    }
    Ok(Duration::from_secs(count * seconds))
}
