//! The sentence with which the runner refuses to start or stops.

/// One clear sentence for the person who started the runner.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Stop(String);

impl Stop {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

/// Adds what was being done to an error that only says what went wrong.
pub(crate) trait Doing<T> {
    /// `doing` completes "cannot ...".
    fn doing(self, doing: impl std::fmt::Display) -> Result<T, Stop>;
}

impl<T, E: std::fmt::Display> Doing<T> for Result<T, E> {
    fn doing(self, doing: impl std::fmt::Display) -> Result<T, Stop> {
        self.map_err(|error| Stop(format!("cannot {doing}: {error}")))
    }
}
