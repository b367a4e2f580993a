//! The log: one JSON object a line on standard output, ids only.
//!
//! Fields are dotted (`ticket.id`, `notice.id`, `duration_ms`); addresses, subjects and bodies are never among them.

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::seen::Metrics;

/// Sets the log up for the process; the level is `LOG_LEVEL` (or `RUST_LOG`), `info` by default.
///
/// A level that cannot be read counts as the default: a typing mistake in it must not stop the desk. A second call changes nothing.
pub fn init() {
    let levels = crate::config::log_level()
        .and_then(|text| text.to_lowercase().parse::<Targets>().ok())
        .unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_filter(levels);
    let first = tracing_subscriber::registry()
        .with(lines)
        .with(Metrics::new(crate::config::table_name()))
        .try_init()
        .is_ok();
    if first {
        std::panic::set_hook(Box::new(|panic| {
            // The message is left out: it may quote the text that something panicked over.
            let place = panic
                .location()
                .map(ToString::to_string)
                .unwrap_or_default();
            tracing::error!(panic.location = place, "panicked");
        }));
    }
}

/// A failure with its whole chain of causes, as a log line needs it; `Display` alone shows only the outermost.
pub struct Chain<'a>(pub &'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let causes = std::iter::successors(self.0.source(), |error| error.source());
        for cause in causes {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("loading ticket")]
    struct Outer(#[source] std::num::ParseIntError);

    #[test]
    fn a_chain_shows_every_cause() {
        let outer = Outer("x".parse::<u8>().unwrap_err());
        assert_eq!(
            Chain(&outer).to_string(),
            "loading ticket: invalid digit found in string"
        );
    }
}
