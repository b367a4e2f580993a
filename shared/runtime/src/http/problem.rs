//! Errors for programs: RFC 9457 problem details, without anything of our insides.

use jiff::SignedDuration;
use serde::Serialize;
use store::StoreError;

use super::Answer;
use crate::files::FilesError;
use crate::secrets::SecretsError;
use crate::telemetry::Chain;

/// An error as the caller may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The status code.
    pub status: u16,
    /// The kind of problem, the same sentence every time.
    pub title: &'static str,
    /// What to do about this one.
    pub detail: String,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    #[serde(skip)]
    retry_after: Option<u32>,
}

/// One field that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's name.
    pub field: String,
    /// What is wrong, and what to write instead.
    pub detail: String,
}

impl Problem {
    /// A problem without field errors.
    pub fn new(status: u16, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            title,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// 422 with what is wrong with which field.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            ..Self::new(
                422,
                "The request cannot be taken as it is.",
                "Correct the fields named in errors and send it again.",
            )
        }
    }

    /// 503: the same request may succeed after a pause.
    pub fn unavailable() -> Self {
        Self {
            retry_after: Some(5),
            ..Self::new(
                503,
                "The desk is busy.",
                "Nothing was lost. Send the same request again in a few seconds.",
            )
        }
    }

    /// 429: too many requests came from the same place; the answer says how long to wait.
    pub fn too_many(wait: SignedDuration) -> Self {
        let minutes = (wait.as_secs() + 59) / 60;
        let detail =
            format!("Nothing was taken. Send it again in {minutes} min, or write to us by e-mail.");
        Self {
            retry_after: u32::try_from(wait.as_secs().max(1)).ok(),
            ..Self::new(429, "Too many requests came from the same place.", detail)
        }
    }

    /// 500: a person on our side has to look.
    pub fn internal() -> Self {
        Self::new(
            500,
            "Something went wrong on our side.",
            "We have noted it. Please write to us by e-mail if it is urgent.",
        )
    }

    /// Answers as `application/problem+json`.
    pub fn answer(&self) -> Answer {
        self.pause(Answer::serialized(
            self.status,
            "application/problem+json",
            self,
        ))
    }

    /// Adds `Retry-After` to an answer if trying again makes sense, for pages that tell the problem in their own words.
    #[must_use]
    pub fn pause(&self, answer: Answer) -> Answer {
        match self.retry_after {
            Some(seconds) => answer.retry_after(seconds),
            None => answer,
        }
    }
}

/// The store's failure goes to the log with its causes; the caller learns whether to try again.
///
/// Refusals and missing tickets are answers, not failures: a handler deals with them before.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let retryable = error.is_retryable();
        tracing::error!(error = %Chain(&error), retryable, "the store failed");
        if retryable {
            Self::unavailable()
        } else {
            Self::internal()
        }
    }
}

impl From<FilesError> for Problem {
    fn from(error: FilesError) -> Self {
        tracing::error!(error = %Chain(&error), "a file is not at hand");
        Self::unavailable()
    }
}

impl From<SecretsError> for Problem {
    fn from(error: SecretsError) -> Self {
        tracing::error!(error = %Chain(&error), "the secrets are not at hand");
        match error {
            SecretsError::Unavailable { .. } => Self::unavailable(),
            SecretsError::Malformed { .. } => Self::internal(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_fields_and_carries_its_content_type() {
        let error = FieldError {
            field: "email".to_owned(),
            detail: "is missing".to_owned(),
        };
        let answer = Problem::fields(vec![error]).answer();
        assert_eq!(answer.status_code, 422);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["errors"][0]["field"], "email");
        assert_eq!(body["status"], 422);
    }

    #[test]
    fn a_busy_table_is_503_with_a_pause_and_without_insides() {
        let answer = Problem::from(StoreError::Busy("loading T#secret")).answer();
        assert_eq!(answer.status_code, 503);
        assert_eq!(answer.headers["retry-after"], "5");
        assert!(!answer.body.contains("secret"));
    }

    #[test]
    fn a_corrupt_item_is_500_without_insides() {
        let error = StoreError::Corrupt {
            what: "T#secret".to_owned(),
            why: "secret".to_owned(),
        };
        let answer = Problem::from(error).answer();
        assert_eq!(answer.status_code, 500);
        assert!(!answer.body.contains("secret"));
        assert!(!answer.headers.contains_key("retry-after"));
    }
}
