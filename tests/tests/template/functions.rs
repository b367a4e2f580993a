//! Functions: each knows its own time limit, and loses no event and no log line unseen.

use std::collections::BTreeSet;

use crate::holds;
use crate::template::Mutation::{Remove, Set};
use crate::template::{Template, at, list, number, pairs, references, target, text};

#[test]
fn every_function_is_told_its_own_timeout() {
    let told = "Resources/IntakeFunction/Properties/Environment/Variables/FUNCTION_TIMEOUT_SECONDS";
    holds(
        timeouts,
        &[
            (Set(told, "\"16\""), "IntakeFunction"),
            (Remove(told), "IntakeFunction"),
            (
                Remove("Resources/SlaTickFunction/Properties/Timeout"),
                "SlaTickFunction",
            ),
        ],
    );
}

#[test]
fn every_function_and_the_api_write_to_a_log_group_of_their_own_that_ends() {
    holds(
        log_groups,
        &[
            (
                Remove("Resources/NotifierLogGroup/Properties/RetentionInDays"),
                "NotifierFunction",
            ),
            (
                Remove("Resources/SlaTickFunction/Properties/LoggingConfig"),
                "SlaTickFunction",
            ),
            (
                Set(
                    "Resources/IntakeFunction/Properties/LoggingConfig/LogGroup",
                    "!Ref NotifierLogGroup",
                ),
                "shared",
            ),
            (
                Remove("Resources/HttpApi/Properties/AccessLogSettings"),
                "HttpApi",
            ),
        ],
    );
}

#[test]
fn every_asynchronous_function_is_retried_twice_and_then_parked_where_its_role_may_write() {
    let inbound = "InboundEmailFunction";
    holds(
        on_failure,
        &[
            (
                Remove("Resources/InboundEmailFunction/Properties/EventInvokeConfig"),
                inbound,
            ),
            (
                Remove("Resources/SlaTickFunction/Properties/EventInvokeConfig/DestinationConfig"),
                "SlaTickFunction",
            ),
            (
                Set(
                    "Resources/InboundEmailFunction/Properties/EventInvokeConfig/MaximumRetryAttempts",
                    "0",
                ),
                inbound,
            ),
            (
                Remove(
                    "Resources/InboundEmailRole/Properties/Policies/0/PolicyDocument/Statement/7",
                ),
                inbound,
            ),
        ],
    );
}

#[test]
fn a_schedule_drops_old_ticks_soon_and_tells_of_it() {
    let tick = "SlaTickFunction.EveryMinute";
    let schedule = "Resources/SlaTickFunction/Properties/Events/EveryMinute/Properties";
    assert!(at(Template::load().root(), schedule).is_some());
    holds(
        schedules,
        &[
            (
                Remove(
                    "Resources/SlaTickFunction/Properties/Events/EveryMinute/Properties/RetryPolicy",
                ),
                tick,
            ),
            (
                Remove(
                    "Resources/SlaTickFunction/Properties/Events/EveryMinute/Properties/DeadLetterConfig",
                ),
                tick,
            ),
        ],
    );
}

#[test]
fn no_variable_holds_a_secret() {
    let variable = "Resources/IntakeFunction/Properties/Environment/Variables/PEPPER";
    holds(
        no_secret_in_variables,
        &[
            (
                Set(variable, "'{{resolve:secretsmanager:pepper}}'"),
                "IntakeFunction",
            ),
            (
                Set(variable, "!Sub '{{resolve:ssm-secure:${MailDomain}}}'"),
                "IntakeFunction",
            ),
        ],
    );
}

fn timeouts(template: &Template) -> Vec<String> {
    let wrong = template.functions().filter(|(_, function)| {
        let told = text(function, "Environment/Variables/FUNCTION_TIMEOUT_SECONDS")
            .parse()
            .ok();
        told.is_none() || told != number(function, "Timeout")
    });
    wrong
        .map(|(id, _)| format!("{id}: cannot tell the start of its invocation from the deadline"))
        .collect()
}

fn log_groups(template: &Template) -> Vec<String> {
    let functions = template
        .functions()
        .map(|(id, it)| (id, target(it, "LoggingConfig/LogGroup")));
    let apis = template.of_type("AWS::Serverless::HttpApi");
    let apis = apis.map(|(id, it)| (id, target(it, "AccessLogSettings/DestinationArn")));
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (id, group) in functions.chain(apis) {
        let ends = group.is_some_and(|group| {
            template.type_of(group) == "AWS::Logs::LogGroup"
                && template
                    .properties(group)
                    .is_some_and(|it| it.get("RetentionInDays").is_some())
        });
        if !ends {
            found.push(format!("{id}: no log group with a retention"));
        }
        if group.is_some_and(|group| !seen.insert(group)) {
            found.push(format!("{id}: its log group is shared"));
        }
    }
    found
}

fn on_failure(template: &Template) -> Vec<String> {
    let mailed = template
        .of_type("AWS::SES::ReceiptRule")
        .flat_map(|(_, rule)| {
            let actions = list(at(rule, "Rule/Actions"));
            actions
                .into_iter()
                .filter_map(|action| target(action, "LambdaAction/FunctionArn"))
        });
    let scheduled = template.events("ScheduleV2").map(|(id, _, _)| id);
    let mut found = Vec::new();
    for id in mailed.chain(scheduled) {
        let Some(function) = template.properties(id) else {
            found.push(format!("{id}: not in the template"));
            continue;
        };
        let parked = target(
            function,
            "EventInvokeConfig/DestinationConfig/OnFailure/Destination",
        );
        if number(function, "EventInvokeConfig/MaximumRetryAttempts") != Some(2) {
            found.push(format!("{id}: not retried twice"));
        }
        if parked.is_none_or(|queue| template.type_of(queue) != "AWS::SQS::Queue") {
            found.push(format!("{id}: a failed event is discarded"));
        } else if !may_send(template, target(function, "Role"), parked) {
            found.push(format!("{id}: its role may not write to {parked:?}"));
        }
    }
    found
}

fn may_send(template: &Template, role: Option<&str>, queue: Option<&str>) -> bool {
    let policies = role.and_then(|role| template.properties(role)?.get("Policies"));
    list(policies)
        .into_iter()
        .flat_map(|policy| list(at(policy, "PolicyDocument/Statement")))
        .any(|statement| {
            let sends = list(statement.get("Action"))
                .iter()
                .any(|action| action.as_str() == Some("sqs:SendMessage"));
            sends
                && list(statement.get("Resource"))
                    .into_iter()
                    .flat_map(references)
                    .any(|name| Some(name) == queue)
        })
}

fn schedules(template: &Template) -> Vec<String> {
    let mut found = Vec::new();
    for (id, name, schedule) in template.events("ScheduleV2") {
        let age = number(schedule, "RetryPolicy/MaximumEventAgeInSeconds");
        if age.is_none_or(|age| age > 120)
            || number(schedule, "RetryPolicy/MaximumRetryAttempts").is_none()
        {
            found.push(format!("{id}.{name}: the default is 185 tries over a day"));
        }
        if target(schedule, "DeadLetterConfig/Arn").is_none() {
            found.push(format!("{id}.{name}: an undelivered tick leaves no trace"));
        }
    }
    found
}

fn no_secret_in_variables(template: &Template) -> Vec<String> {
    let mut found = Vec::new();
    for (id, function) in template.functions() {
        let variables = at(function, "Environment/Variables")
            .map(pairs)
            .into_iter()
            .flatten();
        let resolved = variables
            .filter(|(_, value)| value.as_str().is_some_and(|it| it.contains("{{resolve:")));
        found.extend(
            resolved.map(|(name, _)| format!("{id}: {name} would be readable in the console")),
        );
    }
    found
}
