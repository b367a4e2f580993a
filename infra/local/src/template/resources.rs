//! The other resources, and the assembly of the stack.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::document::Document;
use super::functions::number;
use super::intrinsics::Resolver;
use super::model::{ConfigurationSet, QueueSpec, Redrive, Schedule, Stack, TableSpec};
use super::{TemplateError, events, functions, receipts, secrets};

/// Resource families that have no local counterpart and need none.
const WITHOUT_EFFECT: [&str; 14] = [
    "AWS::IAM::",
    "AWS::Logs::",
    "AWS::CloudWatch::",
    "AWS::KMS::",
    "AWS::SNS::",
    "AWS::Lambda::Permission",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SES::ReceiptRuleSet",
    "AWS::SES::EmailIdentity",
    "AWS::Scheduler::ScheduleGroup",
    "AWS::SecretsManager::ResourcePolicy",
    "AWS::Serverless::HttpApi",
    "AWS::Budgets::",
];

/// Builds the stack; plain resources that refer to functions come after the functions.
pub(crate) fn stack(document: &Document, resolver: &Resolver<'_>) -> Result<Stack, TemplateError> {
    let mut stack = Stack::default();
    let mut later = Vec::new();
    for (id, resource) in &document.resources {
        if !resolver.exists(resource.condition.as_deref())? {
            continue;
        }
        if resource.kind == "AWS::Serverless::Function" {
            let globals = &document.globals["Function"];
            let spec = functions::function(id, &resource.properties, globals, resolver)?;
            stack.functions.push(spec);
            if let Some(all) = resource.properties["Events"].as_object() {
                for (name, event) in all {
                    events::add(&mut stack, id, name, event, resolver)?;
                }
            }
        } else {
            later.push((id, resource));
        }
    }
    for (id, resource) in later {
        let at = format!("Resources.{id}");
        if WITHOUT_EFFECT.iter().any(|w| resource.kind.starts_with(w)) {
            continue;
        }
        let properties = resolver.eval(&resource.properties, &format!("{at}.Properties"))?;
        add(&mut stack, id, &resource.kind, &properties, resolver)?;
    }
    for (name, output) in &document.outputs {
        let at = format!("Outputs.{name}");
        let value = resolver.text(&output["Value"], &at)?;
        stack.outputs.insert(variable(name), value);
    }
    check_references(&stack)?;
    Ok(stack)
}

/// The name of an output as a variable: `TableName` is `TABLE_NAME`.
fn variable(output: &str) -> String {
    let mut name = String::new();
    for letter in output.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

fn add(
    stack: &mut Stack,
    id: &str,
    kind: &str,
    properties: &Value,
    resolver: &Resolver<'_>,
) -> Result<(), TemplateError> {
    let at = format!("Resources.{id}.Properties");
    match kind {
        "AWS::SQS::Queue" => stack
            .queues
            .push(queue(resolver.physical(id)?, properties, &at)?),
        "AWS::DynamoDB::Table" => stack.tables.push(table(resolver.physical(id)?, properties)),
        "AWS::S3::Bucket" => stack.buckets.push(resolver.physical(id)?),
        "AWS::SecretsManager::Secret" => stack.secrets.push(secrets::secret(id, properties, &at)?),
        "AWS::SES::ReceiptRule" => {
            stack.receipt_rules.extend(receipts::rule(properties, &at)?);
        }
        "AWS::SES::ConfigurationSet" => {
            let name = resolver.physical(id)?;
            configuration_set(stack, &name);
        }
        "AWS::SES::ConfigurationSetEventDestination" => event_destination(stack, properties, &at)?,
        "AWS::Scheduler::Schedule" => stack.schedules.extend(schedule(id, properties, &at)?),
        "AWS::Lambda::EventSourceMapping" => {
            let function = properties["FunctionName"].as_str().unwrap_or_default();
            let function = events::last(function).to_owned();
            stack
                .sources
                .push(events::source(properties, &function, &at)?);
        }
        "AWS::Lambda::EventInvokeConfig" => {
            let name = events::last(properties["FunctionName"].as_str().unwrap_or_default());
            let config = functions::asynchronous(properties, &at)?;
            let function = stack.functions.iter_mut().find(|f| f.id == name);
            function
                .ok_or_else(|| TemplateError::at(&at, "FunctionName is not in this template"))?
                .asynchronous = config;
        }
        other => {
            return Err(TemplateError::at(
                &at,
                format!("the local runner has no counterpart for {other}"),
            ));
        }
    }
    Ok(())
}

/// The set of this name; the template may name its event destination first.
fn configuration_set<'s>(stack: &'s mut Stack, name: &str) -> &'s mut ConfigurationSet {
    let sets = &mut stack.configuration_sets;
    let index = sets
        .iter()
        .position(|set| set.name == name)
        .unwrap_or_else(|| {
            sets.push(ConfigurationSet {
                name: name.to_owned(),
                tells_of: Vec::new(),
            });
            sets.len() - 1
        });
    &mut sets[index]
}

fn event_destination(stack: &mut Stack, properties: &Value, at: &str) -> Result<(), TemplateError> {
    let destination = &properties["EventDestination"];
    let kinds = destination["MatchingEventTypes"].as_array();
    let kinds = kinds.into_iter().flatten().filter_map(Value::as_str);
    let kinds: Vec<String> = kinds.map(str::to_ascii_uppercase).collect();
    let unknown = kinds
        .iter()
        .any(|kind| !EVENT_TYPES.contains(&kind.as_str()));
    if destination["EventBridgeDestination"].is_null() || unknown {
        let known = EVENT_TYPES.join(", ");
        return Err(TemplateError::at(
            at,
            format!(
                "the local runner tells the event bus (EventBridgeDestination) of {known}, and of nothing else"
            ),
        ));
    }
    let name = properties["ConfigurationSetName"]
        .as_str()
        .unwrap_or_default();
    if destination["Enabled"] != false {
        configuration_set(stack, name).tells_of.extend(kinds);
    }
    Ok(())
}

/// The event types of SES that the runner's own SES knows how to cause.
const EVENT_TYPES: [&str; 6] = [
    "SEND",
    "REJECT",
    "DELIVERY",
    "DELIVERY_DELAY",
    "BOUNCE",
    "COMPLAINT",
];

/// A name that leads nowhere would be a silent loss of events.
fn check_references(stack: &Stack) -> Result<(), TemplateError> {
    let function = |name: &str, at: &str| {
        let known = stack.functions.iter().any(|f| f.id == name);
        known.then_some(()).ok_or_else(|| {
            TemplateError::at(at, format!("there is no function {name} in this template"))
        })
    };
    let queue = |name: &str, at: &str| {
        let known = stack.queues.iter().any(|q| q.name == name);
        known.then_some(()).ok_or_else(|| {
            TemplateError::at(at, format!("there is no queue {name} in this template"))
        })
    };
    for schedule in &stack.schedules {
        function(&schedule.function, &schedule.id)?;
    }
    for source in &stack.sources {
        function(&source.function, "event source")?;
        queue(&source.queue, "event source")?;
    }
    for rule in &stack.receipt_rules {
        function(&rule.function, "receipt rule")?;
    }
    for rule in &stack.event_rules {
        function(&rule.function, "event rule")?;
    }
    for redrive in stack.queues.iter().filter_map(|q| q.redrive.as_ref()) {
        queue(&redrive.queue, "RedrivePolicy")?;
    }
    for spec in &stack.functions {
        if let Some(name) = &spec.asynchronous.on_failure {
            queue(name, &spec.id)?;
        }
    }
    Ok(())
}

fn queue(name: String, properties: &Value, at: &str) -> Result<QueueSpec, TemplateError> {
    let policy = &properties["RedrivePolicy"];
    let redrive = match policy["deadLetterTargetArn"].as_str() {
        Some(arn) => Some(Redrive {
            queue: events::last(arn).to_owned(),
            max_receives: u32::try_from(number(&policy["maxReceiveCount"], 10, at)?).unwrap_or(10),
        }),
        None => None,
    };
    let seconds = |key: &str, default| {
        number(&properties[key], default, &format!("{at}.{key}")).map(Duration::from_secs)
    };
    let max_bytes = number(&properties["MaximumMessageSize"], 1_048_576, at)?;
    Ok(QueueSpec {
        name,
        visibility: seconds("VisibilityTimeout", 30)?,
        delay: seconds("DelaySeconds", 0)?,
        max_bytes: usize::try_from(max_bytes).unwrap_or(usize::MAX),
        redrive,
    })
}

fn table(name: String, properties: &Value) -> TableSpec {
    let mut create = Map::new();
    create.insert("TableName".to_owned(), json!(name));
    for key in [
        "AttributeDefinitions",
        "KeySchema",
        "GlobalSecondaryIndexes",
        "LocalSecondaryIndexes",
        "BillingMode",
        "ProvisionedThroughput",
    ] {
        if let Some(value) = properties.get(key) {
            create.insert(key.to_owned(), value.clone());
        }
    }
    let ttl = &properties["TimeToLiveSpecification"];
    let on = matches!(&ttl["Enabled"], Value::Bool(true)) || ttl["Enabled"] == "true";
    TableSpec {
        name,
        create: Value::Object(create),
        ttl_attribute: on
            .then(|| ttl["AttributeName"].as_str().map(str::to_owned))
            .flatten(),
    }
}

fn schedule(id: &str, properties: &Value, at: &str) -> Result<Option<Schedule>, TemplateError> {
    if properties["State"].as_str() == Some("DISABLED") {
        return Ok(None);
    }
    let expression = properties["ScheduleExpression"]
        .as_str()
        .unwrap_or_default();
    let target = &properties["Target"];
    Ok(Some(Schedule {
        id: id.to_owned(),
        period: events::rate(expression, at)?,
        function: events::last(target["Arn"].as_str().unwrap_or_default()).to_owned(),
        input: target["Input"].as_str().map(str::to_owned),
    }))
}
