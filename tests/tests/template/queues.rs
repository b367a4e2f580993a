//! Queues: nothing that arrives is lost, and nothing waits unseen.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;

use crate::holds;
use crate::template::Mutation::{Remove, Set};
use crate::template::{Template, at, is_true, list, number, target};

const QUEUE: &str = "AWS::SQS::Queue";

#[test]
fn every_source_queue_gives_up_into_a_dead_letter_queue_after_at_least_5_tries() {
    holds(
        redrive,
        &[
            (
                Remove("Resources/UrgentQueue/Properties/RedrivePolicy"),
                "UrgentQueue",
            ),
            (
                Set(
                    "Resources/BulkQueue/Properties/RedrivePolicy/maxReceiveCount",
                    "1",
                ),
                "BulkQueue",
            ),
            (
                Set(
                    "Resources/BulkQueue/Properties/RedrivePolicy/deadLetterTargetArn",
                    "!GetAtt TicketTable.Arn",
                ),
                "BulkQueue",
            ),
        ],
    );
}

#[test]
fn a_dead_letter_is_kept_longer_than_its_source_keeps_messages() {
    holds(
        retention,
        &[
            (
                Set(
                    "Resources/UrgentDeadLetterQueue/Properties/MessageRetentionPeriod",
                    "345600",
                ),
                "UrgentDeadLetterQueue",
            ),
            (
                Remove("Resources/BulkDeadLetterQueue/Properties/MessageRetentionPeriod"),
                "BulkDeadLetterQueue",
            ),
        ],
    );
}

#[test]
fn a_message_stays_invisible_for_at_least_6_times_its_consumers_timeout() {
    holds(
        visibility,
        &[
            (
                Set("Resources/UrgentQueue/Properties/VisibilityTimeout", "359"),
                "UrgentQueue",
            ),
            (
                Remove("Resources/BulkQueue/Properties/VisibilityTimeout"),
                "BulkQueue",
            ),
            (
                Set("Resources/NotifierFunction/Properties/Timeout", "61"),
                "UrgentQueue",
            ),
        ],
    );
}

#[test]
fn every_queue_source_reports_single_failures_and_bounds_its_own_concurrency() {
    let urgent = "NotifierFunction.Urgent";
    holds(
        sources,
        &[
            (
                Remove(
                    "Resources/NotifierFunction/Properties/Events/Urgent/Properties/FunctionResponseTypes",
                ),
                urgent,
            ),
            (
                Remove(
                    "Resources/NotifierFunction/Properties/Events/Urgent/Properties/ScalingConfig",
                ),
                urgent,
            ),
            (
                Set(
                    "Resources/NotifierFunction/Properties/Events/Urgent/Properties/FilterCriteria",
                    "{}",
                ),
                urgent,
            ),
            (
                Set(
                    "Resources/NotifierFunction/Properties/ReservedConcurrentExecutions",
                    "5",
                ),
                urgent,
            ),
        ],
    );
}

#[test]
fn every_queue_is_encrypted() {
    holds(
        encryption,
        &[(
            Remove("Resources/OnFailureQueue/Properties/SqsManagedSseEnabled"),
            "OnFailureQueue",
        )],
    );
}

#[test]
fn every_queue_has_an_alarm_on_its_depth_or_for_a_source_its_age() {
    holds(
        watched,
        &[
            (
                Remove("Resources/UrgentDeadLetterAlarm"),
                "UrgentDeadLetterQueue",
            ),
            (Remove("Resources/OnFailureAlarm"), "OnFailureQueue"),
            (Remove("Resources/BulkQueueAlarm"), "BulkQueue"),
            // Messages that a redrive policy moves are not counted as sent: such an alarm never fires.
            (
                Set(
                    "Resources/BulkDeadLetterAlarm/Properties/MetricName",
                    "NumberOfMessagesSent",
                ),
                "BulkDeadLetterQueue",
            ),
            (
                Set(
                    "Resources/OnFailureAlarm/Properties/MetricName",
                    "ApproximateAgeOfOldestMessage",
                ),
                "OnFailureQueue",
            ),
        ],
    );
}

fn redrive(template: &Template) -> Vec<String> {
    let terminal = terminal(template);
    let sources = template
        .of_type(QUEUE)
        .filter(|(id, _)| !terminal.contains(id));
    let mut found = Vec::new();
    for (id, queue) in sources {
        match target(queue, "RedrivePolicy/deadLetterTargetArn") {
            Some(dead) if template.type_of(dead) == QUEUE => {}
            other => found.push(format!("{id}: its dead-letter queue is {other:?}")),
        }
        if number(queue, "RedrivePolicy/maxReceiveCount").unwrap_or(0) < 5 {
            found.push(format!("{id}: maxReceiveCount below 5"));
        }
    }
    found
}

fn retention(template: &Template) -> Vec<String> {
    let kept = |queue: &Value| number(queue, "MessageRetentionPeriod").unwrap_or(345_600);
    template
        .of_type(QUEUE)
        .filter_map(|(_, queue)| Some((queue, target(queue, "RedrivePolicy/deadLetterTargetArn")?)))
        .filter(|(queue, dead)| {
            template
                .properties(dead)
                .is_none_or(|dead| kept(dead) <= kept(queue))
        })
        .map(|(_, dead)| {
            format!(
                "{dead}: age counts from the first enqueue, so it must keep longer than its source"
            )
        })
        .collect()
}

fn visibility(template: &Template) -> Vec<String> {
    let mut found = Vec::new();
    for (id, name, source) in template.events("SQS") {
        let queue = target(source, "Queue").unwrap_or_default();
        let visible = template
            .properties(queue)
            .and_then(|queue| number(queue, "VisibilityTimeout"))
            .unwrap_or(30);
        let timeout = template
            .properties(id)
            .and_then(|function| number(function, "Timeout"));
        if timeout.is_none_or(|timeout| visible < 6 * timeout) {
            found.push(format!(
                "{queue}: {visible} s is too short for {id}.{name} with a timeout of {timeout:?}"
            ));
        }
    }
    found
}

fn sources(template: &Template) -> Vec<String> {
    let mut found = Vec::new();
    for (id, name, source) in template.events("SQS") {
        let kinds = list(source.get("FunctionResponseTypes"));
        if !kinds
            .iter()
            .any(|kind| kind.as_str() == Some("ReportBatchItemFailures"))
        {
            found.push(format!(
                "{id}.{name}: one bad record returns the whole batch"
            ));
        }
        if number(source, "ScalingConfig/MaximumConcurrency").is_none_or(|most| most < 2) {
            found.push(format!("{id}.{name}: no MaximumConcurrency"));
        }
        if source.get("FilterCriteria").is_some() {
            found.push(format!(
                "{id}.{name}: what a filter does not match is deleted"
            ));
        }
        if template
            .properties(id)
            .is_some_and(|it| it.get("ReservedConcurrentExecutions").is_some())
        {
            found.push(format!(
                "{id}.{name}: reserved concurrency drives good messages to the dead letters"
            ));
        }
    }
    found
}

fn encryption(template: &Template) -> Vec<String> {
    let open = template
        .of_type(QUEUE)
        .filter(|(_, queue)| !is_true(queue, "SqsManagedSseEnabled"));
    open.map(|(id, _)| format!("{id}: not encrypted")).collect()
}

fn watched(template: &Template) -> Vec<String> {
    let terminal = terminal(template);
    let is_watched = |id: &str| {
        template
            .of_type("AWS::CloudWatch::Alarm")
            .any(|(_, alarm)| {
                let metric = crate::template::text(alarm, "MetricName");
                let fits = metric == "ApproximateNumberOfMessagesVisible"
                    || metric == "ApproximateAgeOfOldestMessage" && !terminal.contains(id);
                fits && target(alarm, "Dimensions/0/Value") == Some(id)
            })
    };
    let unseen = template.of_type(QUEUE).filter(|(id, _)| !is_watched(id));
    unseen
        .map(|(id, _)| format!("{id}: nobody is told when it fills"))
        .collect()
}

/// The queues that a machine never reads: dead letters, on-failure destinations, undelivered schedules.
fn terminal(template: &Template) -> BTreeSet<&str> {
    let redriven = template
        .of_type(QUEUE)
        .filter_map(|(_, it)| target(it, "RedrivePolicy/deadLetterTargetArn"));
    let failed = template.functions().filter_map(|(_, function)| {
        target(
            function,
            "EventInvokeConfig/DestinationConfig/OnFailure/Destination",
        )
    });
    let schedules = template
        .events("ScheduleV2")
        .filter_map(|(_, _, it)| target(at(it, "DeadLetterConfig")?, "Arn"));
    redriven.chain(failed).chain(schedules).collect()
}
