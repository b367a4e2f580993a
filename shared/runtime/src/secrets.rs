//! The signing keys and the pepper, loaded when first needed and kept.

use std::sync::Arc;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::{DisplayErrorContext, SdkError};
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use ticket::{Keyring, Pepper};
use tokio::sync::Mutex;

use crate::config::Config;

/// Keys loaded from Secrets Manager.
#[derive(Debug, Clone)]
pub struct Unlocked {
    /// Signs with the current key; verifies with the previous one too once a tag of it was met.
    pub keyring: Keyring,
    /// Hashes addresses and sources.
    pub pepper: Pepper,
    kids: Vec<char>,
    /// When both keys were read last, for a tag of neither of those known before.
    looked_at: Option<Timestamp>,
}

/// Why the secrets are not at hand.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// Secrets Manager did not answer, or refused. Try again.
    #[error("secret {name} could not be read: {cause}")]
    Unavailable {
        /// Which secret.
        name: &'static str,
        /// What the SDK says.
        cause: String,
    },
    /// The secret is there but not of the form that the template generates. A person has to repair it.
    #[error("secret {name} is not of the form {form}")]
    Malformed {
        /// Which secret.
        name: &'static str,
        /// The form wanted.
        form: &'static str,
    },
}

/// The desk's secrets; asked once, kept for the life of the process.
#[derive(Debug)]
pub struct Secrets {
    client: Client,
    signing_key: String,
    pepper: String,
    unlocked: Mutex<Option<Arc<Unlocked>>>,
}

/// A rotated key is looked for at most this often, so that made-up key ids in links and mails cost nothing. For so long after
/// one of those, the tags of a key that is new since then are nobody's.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(1);

const KEY: (&str, &str) = (
    "SIGNING_KEY_SECRET",
    r#"{"kid":"<one base-32 symbol>","key":"<text>"}"#,
);
const PEPPER: (&str, &str) = ("PEPPER_SECRET", r#"{"pepper":"<text>"}"#);

#[derive(Deserialize)]
struct StoredKey {
    kid: char,
    key: String,
}

#[derive(Deserialize)]
struct StoredPepper {
    pepper: String,
}

impl Secrets {
    /// Names the secrets; asks nothing yet.
    pub fn new(client: Client, config: &Config) -> Self {
        Self {
            client,
            signing_key: config.signing_key_secret.clone(),
            pepper: config.pepper_secret.clone(),
            unlocked: Mutex::new(None),
        }
    }

    /// The secrets, from memory after the first time.
    ///
    /// # Errors
    /// See [`SecretsError`]; nothing is kept of a failure, so the next call asks again.
    pub async fn get(&self) -> Result<Arc<Unlocked>, SecretsError> {
        let mut unlocked = self.unlocked.lock().await;
        if let Some(unlocked) = &*unlocked {
            return Ok(Arc::clone(unlocked));
        }
        let loaded = Arc::new(self.load().await?);
        *unlocked = Some(Arc::clone(&loaded));
        Ok(loaded)
    }

    /// The secrets for verifying `tags`: one of a key that is not at hand makes both keys be read again, because the
    /// key may have been rotated before or after this process read it.
    ///
    /// # Errors
    /// As [`Secrets::get`].
    pub async fn for_tags<'a>(
        &self,
        tags: impl IntoIterator<Item = &'a str>,
        now: Timestamp,
    ) -> Result<Arc<Unlocked>, SecretsError> {
        let known = self.get().await?;
        let kids = tags.into_iter().filter_map(|tag| tag.chars().next());
        let mut kids = kids.map(|kid| kid.to_ascii_lowercase());
        let unknown = kids.any(|kid| kid.is_ascii_alphanumeric() && !known.kids.contains(&kid));
        let looked = known.looked_at.map(|at| now.duration_since(at));
        if !unknown || looked.is_some_and(|since| since < LOOK_AGAIN) {
            return Ok(known);
        }
        let mut unlocked = self.unlocked.lock().await;
        let (current, previous) = tokio::join!(self.key("AWSCURRENT"), self.previous_key());
        let keys = [Some(current?), previous?];
        let renewed = Arc::new(Unlocked {
            keyring: Keyring::new(keys.iter().flatten().map(|key| (key.kid, key.key.as_str()))),
            pepper: known.pepper.clone(),
            kids: keys
                .iter()
                .flatten()
                .map(|key| key.kid.to_ascii_lowercase())
                .collect(),
            looked_at: Some(now),
        });
        *unlocked = Some(Arc::clone(&renewed));
        Ok(renewed)
    }

    async fn load(&self) -> Result<Unlocked, SecretsError> {
        let (key, pepper) =
            tokio::join!(self.key("AWSCURRENT"), pepper(&self.client, &self.pepper));
        let (key, pepper) = (key?, pepper?);
        Ok(Unlocked {
            keyring: Keyring::new([(key.kid, key.key.as_str())]),
            pepper,
            kids: vec![key.kid.to_ascii_lowercase()],
            looked_at: None,
        })
    }

    async fn key(&self, stage: &str) -> Result<StoredKey, SecretsError> {
        let key: StoredKey = parse(KEY, self.ask(&self.signing_key, stage).await)?;
        if key.key.is_empty() || !key.kid.is_ascii_alphanumeric() {
            return Err(malformed(KEY));
        }
        Ok(key)
    }

    /// The key before the last rotation; there is none until the first.
    async fn previous_key(&self) -> Result<Option<StoredKey>, SecretsError> {
        let answer = self.ask(&self.signing_key, "AWSPREVIOUS").await;
        match answer {
            Err(error) if is_absent(&error) => Ok(None),
            answer => parse(KEY, answer).map(Some),
        }
    }

    async fn ask(&self, id: &str, stage: &str) -> Result<String, SdkError<GetSecretValueError>> {
        ask(&self.client, id, stage).await
    }
}

/// The pepper alone, for a command that signs nothing.
///
/// # Errors
/// See [`SecretsError`].
pub async fn pepper(client: &Client, secret: &str) -> Result<Pepper, SecretsError> {
    let stored: StoredPepper = parse(PEPPER, ask(client, secret, "AWSCURRENT").await)?;
    if stored.pepper.is_empty() {
        return Err(malformed(PEPPER));
    }
    Ok(Pepper::new(&stored.pepper))
}

async fn ask(
    client: &Client,
    id: &str,
    stage: &str,
) -> Result<String, SdkError<GetSecretValueError>> {
    let answer = client
        .get_secret_value()
        .secret_id(id)
        .version_stage(stage)
        .send()
        .await?;
    Ok(answer.secret_string.unwrap_or_default())
}

fn is_absent(error: &SdkError<GetSecretValueError>) -> bool {
    error
        .as_service_error()
        .is_some_and(GetSecretValueError::is_resource_not_found_exception)
}

fn parse<T: DeserializeOwned>(
    what: (&'static str, &'static str),
    answer: Result<String, SdkError<GetSecretValueError>>,
) -> Result<T, SecretsError> {
    let secret = answer.map_err(|error| SecretsError::Unavailable {
        name: what.0,
        cause: DisplayErrorContext(error).to_string(),
    })?;
    // The parser's own message could quote the secret.
    serde_json::from_str(&secret).map_err(|_| malformed(what))
}

fn malformed((name, form): (&'static str, &'static str)) -> SecretsError {
    SecretsError::Malformed { name, form }
}

#[cfg(test)]
mod tests;
