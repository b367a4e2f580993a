//! The event that `EventBridge` Scheduler sends for one tick.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::template::{Schedule, arn};

/// The event of the tick at `at`: the template's input with its placeholders filled.
pub(crate) fn event(schedule: &Schedule, at: Timestamp) -> Value {
    let time = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let id = uuid::Uuid::new_v4().to_string();
    let own_arn = arn("scheduler", &format!("schedule/default/{}", schedule.id));
    match &schedule.input {
        Some(text) => {
            let text = text
                .replace("<aws.scheduler.scheduled-time>", &time)
                .replace("<aws.scheduler.schedule-arn>", &own_arn)
                .replace("<aws.scheduler.execution-id>", &id)
                .replace("<aws.scheduler.attempt-number>", "1");
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }
        None => json!({
            "version": "0", "id": id, "detail-type": "Scheduled Event", "source": "aws.scheduler",
            "time": time, "resources": [own_arn], "detail": "{}",
        }),
    }
}
