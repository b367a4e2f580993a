//! Alarms are tested like code: one on a metric that never comes, or that tells nobody, looks like safety and is none.

use serde_yaml_ng::Value;

use crate::holds;
use crate::template::Mutation::{Remove, Set};
use crate::template::{Template, list, number, target, text};

/// What AWS really publishes, as namespace, metric, the one dimension, and the resource type whose name goes there.
/// An alarm outside this list would wait for data that never comes.
const PUBLISHED: &[(&str, &str, &str, &str)] = &[
    (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "QueueName",
        "AWS::SQS::Queue",
    ),
    (
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        "QueueName",
        "AWS::SQS::Queue",
    ),
    (
        "AWS/Lambda",
        "Errors",
        "FunctionName",
        "AWS::Serverless::Function",
    ),
    (
        "AWS/Lambda",
        "Invocations",
        "FunctionName",
        "AWS::Serverless::Function",
    ),
    ("AWS/ApiGateway", "5xx", "ApiId", "AWS::Serverless::HttpApi"),
    // The tick's own figure; the other metrics of ours are in `runtime::Seen`.
    (
        runtime::NAMESPACE,
        "OldestDueSeconds",
        "Table",
        "AWS::DynamoDB::Table",
    ),
];

/// Metrics of the whole account, which come without a dimension.
const OF_THE_ACCOUNT: [(&str, &str); 2] = [
    ("AWS/SES", "Reputation.BounceRate"),
    ("AWS/SES", "Reputation.ComplaintRate"),
];

#[test]
fn every_alarm_waits_for_a_metric_that_aws_publishes_with_that_dimension() {
    holds(
        published,
        &[
            (
                Set(
                    "Resources/HttpApiErrorsAlarm/Properties/Dimensions/0/Name",
                    "FunctionName",
                ),
                "HttpApiErrorsAlarm",
            ),
            (
                Set(
                    "Resources/HttpApiErrorsAlarm/Properties/MetricName",
                    "5XXError",
                ),
                "HttpApiErrorsAlarm",
            ),
            (
                Set("Resources/OnFailureAlarm/Properties/Namespace", "AWS/Sqs"),
                "OnFailureAlarm",
            ),
            // A queue's Ref is its address, and the metric carries its name.
            (
                Set(
                    "Resources/OnFailureAlarm/Properties/Dimensions/0/Value",
                    "!Ref OnFailureQueue",
                ),
                "OnFailureAlarm",
            ),
            (
                Set(
                    "Resources/IntakeErrorsAlarm/Properties/Dimensions/0/Value",
                    "!Ref IntakeRole",
                ),
                "IntakeErrorsAlarm",
            ),
            (
                Remove("Resources/IntakeErrorsAlarm/Properties/Dimensions/0"),
                "IntakeErrorsAlarm",
            ),
        ],
    );
}

#[test]
fn every_alarm_tells_someone() {
    holds(
        told,
        &[
            (
                Remove("Resources/MissingTickAlarm/Properties/AlarmActions"),
                "MissingTickAlarm",
            ),
            (
                Set(
                    "Resources/MissingTickAlarm/Properties/AlarmActions",
                    "[!Ref OnFailureQueue]",
                ),
                "MissingTickAlarm",
            ),
        ],
    );
}

#[test]
fn every_function_has_an_alarm_on_its_first_error() {
    holds(
        errors,
        &[
            (Remove("Resources/NotifierErrorsAlarm"), "NotifierFunction"),
            (
                Set("Resources/IntakeErrorsAlarm/Properties/Threshold", "100"),
                "IntakeFunction",
            ),
        ],
    );
}

#[test]
fn a_schedule_that_stops_is_noticed_though_it_then_reports_nothing() {
    holds(
        missing_tick,
        &[
            (Remove("Resources/MissingTickAlarm"), "SlaTickFunction"),
            (
                Set(
                    "Resources/MissingTickAlarm/Properties/TreatMissingData",
                    "notBreaching",
                ),
                "SlaTickFunction",
            ),
            (
                Set("Resources/MissingTickAlarm/Properties/Period", "3600"),
                "SlaTickFunction",
            ),
            (
                Set(
                    "Resources/MissingTickAlarm/Properties/ComparisonOperator",
                    "GreaterThanThreshold",
                ),
                "SlaTickFunction",
            ),
        ],
    );
}

fn published(template: &Template) -> Vec<String> {
    let mut found = Vec::new();
    for (id, alarm) in alarms(template) {
        let dimensions = list(alarm.get("Dimensions"));
        let of_the_account = (text(alarm, "Namespace"), text(alarm, "MetricName"));
        if dimensions.is_empty() && OF_THE_ACCOUNT.contains(&of_the_account) {
            continue;
        }
        let ours = runtime::Seen::ALL.map(|seen| {
            (
                runtime::NAMESPACE,
                seen.name(),
                "Table",
                "AWS::DynamoDB::Table",
            )
        });
        let fits = dimensions.len() == 1
            && PUBLISHED
                .iter()
                .chain(&ours)
                .any(|(namespace, metric, dimension, kind)| {
                    text(alarm, "Namespace") == *namespace
                        && text(alarm, "MetricName") == *metric
                        && text(dimensions[0], "Name") == *dimension
                        && names(template, &dimensions[0]["Value"], kind)
                });
        if !fits {
            found.push(format!("{id}: waits for data that never comes"));
        }
    }
    found
}

/// Whether the value gives the name of a resource of this type: a queue's by its attribute, the others' by `Ref`.
fn names(template: &Template, value: &Value, kind: &str) -> bool {
    let Value::Tagged(tagged) = value else {
        return false;
    };
    let argument = tagged.value.as_str().unwrap_or_default();
    let id = match kind {
        "AWS::SQS::Queue" if tagged.tag == "GetAtt" => argument.strip_suffix(".QueueName"),
        "AWS::SQS::Queue" => None,
        _ if tagged.tag == "Ref" => Some(argument),
        _ => None,
    };
    id.is_some_and(|id| template.type_of(id) == kind)
}

fn told(template: &Template) -> Vec<String> {
    let deaf = alarms(template).filter(|(_, alarm)| {
        target(alarm, "AlarmActions/0")
            .is_none_or(|topic| template.type_of(topic) != "AWS::SNS::Topic")
    });
    deaf.map(|(id, _)| format!("{id}: tells nobody")).collect()
}

fn errors(template: &Template) -> Vec<String> {
    let is_watched = |id: &str| {
        alarms(template).any(|(_, alarm)| {
            text(alarm, "MetricName") == "Errors"
                && target(alarm, "Dimensions/0/Value") == Some(id)
                && text(alarm, "ComparisonOperator") == "GreaterThanOrEqualToThreshold"
                && number(alarm, "Threshold") == Some(1)
        })
    };
    let silent = template.functions().filter(|(id, _)| !is_watched(id));
    silent
        .map(|(id, _)| format!("{id}: fails unseen"))
        .collect()
}

fn missing_tick(template: &Template) -> Vec<String> {
    let is_watched = |id: &str| {
        alarms(template).any(|(_, alarm)| {
            text(alarm, "MetricName") == "Invocations"
                && target(alarm, "Dimensions/0/Value") == Some(id)
                && text(alarm, "TreatMissingData") == "breaching"
                && text(alarm, "ComparisonOperator") == "LessThanThreshold"
                && number(alarm, "Threshold") == Some(1)
                && number(alarm, "Period").is_some_and(|period| period <= 300)
        })
    };
    let silent = template
        .events("ScheduleV2")
        .filter(|(id, _, _)| !is_watched(id));
    silent
        .map(|(id, _, _)| format!("{id}: may stop unseen"))
        .collect()
}

fn alarms(template: &Template) -> impl Iterator<Item = (&str, &Value)> {
    template.of_type("AWS::CloudWatch::Alarm")
}

#[test]
fn what_a_machine_gave_up_wakes_a_person() {
    holds(
        given_up,
        &[
            (Remove("Resources/EntryParkedAlarm"), "EntryParked"),
            (Remove("Resources/OldestDueAlarm"), "OldestDueSeconds"),
            (Remove("Resources/BounceRateAlarm"), "Reputation.BounceRate"),
            (
                Remove("Resources/ComplaintRateAlarm"),
                "Reputation.ComplaintRate",
            ),
        ],
    );
}

fn given_up(template: &Template) -> Vec<String> {
    let wanted = ["EntryParked", "OldestDueSeconds", "SendingStopped"];
    let wanted = wanted
        .into_iter()
        .chain(OF_THE_ACCOUNT.map(|(_, metric)| metric));
    let watched =
        |metric: &&str| alarms(template).any(|(_, alarm)| text(alarm, "MetricName") == *metric);
    let unwatched = wanted.filter(|metric| !watched(metric));
    unwatched
        .map(|metric| format!("{metric}: nobody is woken"))
        .collect()
}
