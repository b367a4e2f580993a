//! The main function of every Lambda function.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
pub use lambda_runtime::Diagnostic;
use lambda_runtime::{Context, Error, LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is known about an invocation besides its event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// When the invocation started: the only `now` there is.
    pub now: Timestamp,
    /// When Lambda will end it.
    pub deadline: Timestamp,
    /// Its id, for the log.
    pub request_id: String,
}

impl Invocation {
    /// Reads the deadline that Lambda sets; the function's timeout before it, the invocation started.
    ///
    /// A deadline outside of time counts as its nearest end, so that a wrong header cannot stop a function.
    pub fn of(context: &Context, timeout: Duration) -> Self {
        let deadline = i64::try_from(context.deadline).unwrap_or(i64::MAX);
        let deadline = Timestamp::from_millisecond(deadline).unwrap_or(Timestamp::MAX);
        Self {
            now: deadline.checked_sub(timeout).unwrap_or(Timestamp::MIN),
            deadline,
            request_id: context.request_id.clone(),
        }
    }
}

/// Polls for events and hands each to `handler`, until Lambda ends the process.
///
/// Each event runs in a task of its own, so that a panic becomes a [`Diagnostic`] without the panic's message, which
/// may quote what a customer wrote; `telemetry` has logged its place.
///
/// # Errors
/// The Lambda Runtime API is gone; the process is to end.
pub async fn run<Event, Answer, Handler, Answering, E>(
    timeout: Duration,
    handler: Handler,
) -> Result<(), Error>
where
    Event: DeserializeOwned + Send + 'static,
    Answer: Serialize + Send + 'static,
    Handler: Fn(Event, Invocation) -> Answering + Send + Sync + 'static,
    Answering: Future<Output = Result<Answer, E>> + Send + 'static,
    E: Into<Diagnostic> + fmt::Debug + Send + 'static,
{
    let handler = Arc::new(handler);
    let service = service_fn(move |event: LambdaEvent<Event>| {
        let (event, context) = event.into_parts();
        let answering = handler(event, Invocation::of(&context, timeout));
        async move {
            match tokio::spawn(answering).await {
                Ok(answer) => answer.map_err(Into::into),
                Err(_) => Err(panicked()),
            }
        }
    });
    lambda_runtime::run(service).await
}

fn panicked() -> Diagnostic {
    Diagnostic {
        error_type: "Panic".to_owned(),
        error_message: "the function panicked; its log names the place".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(deadline: u64) -> Context {
        let mut context = Context::default();
        context.deadline = deadline;
        context
    }

    #[test]
    fn now_is_the_deadline_minus_the_functions_timeout() {
        let deadline: Timestamp = "2026-11-23T05:40:15.250Z".parse().unwrap();
        let context = context(u64::try_from(deadline.as_millisecond()).unwrap());
        let invocation = Invocation::of(&context, Duration::from_secs(15));
        assert_eq!(invocation.now.to_string(), "2026-11-23T05:40:00.25Z");
        assert_eq!(invocation.deadline, deadline);
    }

    #[test]
    fn a_senseless_deadline_does_not_stop_the_function() {
        let invocation = Invocation::of(&context(u64::MAX), Duration::from_secs(15));
        assert_eq!(invocation.deadline, Timestamp::MAX);
    }
}
