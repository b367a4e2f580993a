//! What a message on a terminal queue is, and who handles it.

use std::collections::BTreeMap;

use serde_json::Value;

/// A message that was given up.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Letter {
    /// What it is about, by ids alone.
    pub(super) which: String,
    /// Why it was given up, as far as the message says.
    pub(super) why: String,
    /// Whom it goes back to.
    pub(super) back: Option<Back>,
}

/// A handler.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Back {
    /// A function, by its name, with the event.
    Function(String, String),
    /// The queue that the message came from, unchanged.
    Queue,
}

/// Reads a message of the on-failure queue: Lambda's record of an invocation, or a schedule's or rule's own event with
/// the reasons as attributes.
///
/// Shapes: <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>,
/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html>.
pub(super) fn on_failure(body: &str, attributes: &BTreeMap<String, String>) -> Letter {
    let Ok(record) = serde_json::from_str::<Value>(body) else {
        return unreadable();
    };
    let context = &record["requestContext"];
    if let Some(arn) = context["functionArn"].as_str() {
        let event = &record["requestPayload"];
        let error = &record["responsePayload"];
        let said = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let why = [
            said(&context["condition"]),
            said(&error["errorType"]),
            said(&error["errorMessage"]),
        ];
        return of_function(arn, event, &why.join(" "));
    }
    let Some(arn) = attributes.get("TARGET_ARN") else {
        return unreadable();
    };
    let why = ["ERROR_CODE", "EXHAUSTED_RETRY_CONDITION"];
    let why: Vec<&str> = why
        .iter()
        .filter_map(|name| attributes.get(*name).map(String::as_str))
        .collect();
    of_function(arn, &record, &why.join(" "))
}

/// Reads a message of a dead-letter queue of notices.
pub(super) fn dead_letter(body: &str) -> Letter {
    let named = serde_json::from_str::<Value>(body).ok().and_then(|body| {
        let (ticket, notice) = (body["ticket"].as_str()?, body["notice"].as_str()?);
        Some(format!("notice {notice} of ticket {ticket}"))
    });
    match named {
        Some(which) => Letter {
            which,
            why: "not handled five times; the notifier's log says why".to_owned(),
            back: Some(Back::Queue),
        },
        None => unreadable(),
    }
}

fn of_function(arn: &str, event: &Value, why: &str) -> Letter {
    let Some(function) = name(arn) else {
        return unreadable();
    };
    if event.is_null() {
        return Letter {
            which: function,
            why: "the record holds no event".to_owned(),
            back: None,
        };
    }
    Letter {
        which: format!("{function} {}", subject(event)),
        why: why.split_whitespace().collect::<Vec<_>>().join(" "),
        back: Some(Back::Function(function, event.to_string())),
    }
}

/// `arn:aws:lambda:REGION:ACCOUNT:function:NAME`, perhaps with a qualifier behind it.
fn name(arn: &str) -> Option<String> {
    let mut parts = arn.split(':').skip(2);
    if parts.next() != Some("lambda") || parts.nth(2) != Some("function") {
        return None;
    }
    let name = parts.next()?;
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (!name.is_empty() && name.chars().all(known)).then(|| name.to_owned())
}

/// What an event is about: a received mail, a mail of ours, or a tick.
fn subject(event: &Value) -> String {
    let received = &event["Records"][0]["ses"]["mail"]["messageId"];
    let sent = &event["detail"]["mail"]["messageId"];
    if let Some(id) = received.as_str() {
        return format!("mail {id}");
    }
    if let Some(id) = sent.as_str() {
        let kind = event["detail"]["eventType"].as_str().unwrap_or("event");
        return format!("{kind} of mail {id}");
    }
    let at = ["time", "sweep"].iter().find_map(|key| event[key].as_str());
    at.map_or_else(|| "event".to_owned(), |at| format!("tick of {at}"))
}

fn unreadable() -> Letter {
    Letter {
        which: "a message that names no handler".to_owned(),
        why: "it cannot be read".to_owned(),
        back: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_record_of_lambda_goes_back_to_its_function_with_the_event_as_it_was() {
        let event = json!({ "Records": [{ "ses": { "mail": { "messageId": "abc" } } }] });
        let record = json!({
            "requestContext": {
                "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:desk-Inbound-1:$LATEST",
                "condition": "RetriesExhausted",
            },
            "requestPayload": event,
            "responsePayload": { "errorType": "MailNotFiled", "errorMessage": "the table\nfailed" },
        });
        let letter = on_failure(&record.to_string(), &BTreeMap::new());
        assert_eq!(letter.which, "desk-Inbound-1 mail abc");
        assert_eq!(letter.why, "RetriesExhausted MailNotFiled the table failed");
        let back = Back::Function("desk-Inbound-1".to_owned(), event.to_string());
        assert_eq!(letter.back, Some(back));
    }

    #[test]
    fn an_event_that_was_never_delivered_goes_to_the_target_that_its_attributes_name() {
        let attributes = BTreeMap::from([
            (
                "TARGET_ARN".to_owned(),
                "arn:aws:lambda:eu-west-1:123456789012:function:tick".to_owned(),
            ),
            ("ERROR_CODE".to_owned(), "AccessDenied".to_owned()),
        ]);
        let letter = on_failure(r#"{"time":"2026-11-23T00:00:00Z"}"#, &attributes);
        assert_eq!(letter.which, "tick tick of 2026-11-23T00:00:00Z");
        assert_eq!(letter.why, "AccessDenied");
        assert!(matches!(letter.back, Some(Back::Function(name, _)) if name == "tick"));
    }

    #[test]
    fn what_names_no_handler_stays() {
        for body in [
            "",
            "{}",
            r#"{"requestContext":{"functionArn":"arn:aws:sqs:x:1:q"}}"#,
        ] {
            assert_eq!(on_failure(body, &BTreeMap::new()).back, None, "{body}");
            assert_eq!(dead_letter(body).back, None, "{body}");
        }
    }
}
