//! Policy versions: immutable items, and a pointer to the current one.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use policy::{Policy, PolicyHash};
use tokio::sync::Mutex;

use crate::error::StoreError;
use crate::item::{self, Reader, instant, text, with};
use crate::transaction::{Commit, Label, Transaction};
use crate::{Store, keys};

/// How long a pointer is believed before it is read again.
const POINTER_AGE: SignedDuration = SignedDuration::from_secs(60);

/// Versions never change, so they are kept for the life of the process; the pointer is kept for a minute.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    versions: Mutex<HashMap<String, Arc<Policy>>>,
    current: Mutex<Option<(Timestamp, PolicyHash)>>,
}

/// What became of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// A new version is current.
    New,
    /// A version published before is current again.
    Again,
    /// It was current already; nothing was written.
    Unchanged,
}

impl Store {
    /// The policy in force at `now`, or none before the first publication.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`; `Corrupt` if the version cannot be read by this binary.
    pub async fn current_policy(&self, now: Timestamp) -> Result<Option<Arc<Policy>>, StoreError> {
        let mut current = self.policies.current.lock().await;
        let fresh = current
            .as_ref()
            .filter(|(read, _)| now.duration_since(*read).abs() < POINTER_AGE)
            .map(|(_, hash)| hash.clone());
        let hash = if let Some(hash) = fresh {
            hash
        } else {
            let Some(hash) = self.pointer().await? else {
                return Ok(None);
            };
            *current = Some((now, hash.clone()));
            hash
        };
        drop(current);
        self.policy(&hash).await.map(Some)
    }

    async fn pointer(&self) -> Result<Option<PolicyHash>, StoreError> {
        let (pk, sk) = keys::CURRENT_POLICY;
        let Some(item) = self.get(pk, sk).await? else {
            return Ok(None);
        };
        let reader = Reader::new(&item)?;
        let hash = reader.text("hash")?.parse();
        hash.map(Some)
            .map_err(|error| StoreError::corrupt(reader.name(), error))
    }

    /// A published version; versions stay readable for ever.
    ///
    /// # Errors
    /// `Corrupt` if there is no such version or it cannot be read; otherwise as for any read.
    pub async fn policy(&self, hash: &PolicyHash) -> Result<Arc<Policy>, StoreError> {
        let mut versions = self.policies.versions.lock().await;
        if let Some(policy) = versions.get(hash.as_str()) {
            return Ok(policy.clone());
        }
        let Some(item) = self.get(&keys::policy(hash), keys::POLICY).await? else {
            let what = format!("policy version {hash}");
            return Err(StoreError::corrupt(what, "it is not in the table"));
        };
        let reader = Reader::new(&item)?;
        let policy = Policy::from_json(reader.text("terms")?)
            .map_err(|error| StoreError::corrupt(reader.name(), error))?;
        let policy = Arc::new(policy);
        versions.insert(hash.as_str().to_owned(), policy.clone());
        Ok(policy)
    }

    /// Publishes a version: writes it once, under its hash, and points to it.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`; publishing twice is the same as once.
    pub async fn publish(&self, policy: &Policy, at: Timestamp) -> Result<Published, StoreError> {
        let hash = policy.hash();
        if self.pointer().await?.as_ref() == Some(hash) {
            return Ok(Published::Unchanged);
        }
        let version = with(
            item::new(&keys::policy(hash), keys::POLICY),
            [
                ("terms", text(policy.to_json())),
                ("published", instant(at)),
            ],
        );
        let (pk, sk) = keys::CURRENT_POLICY;
        let pointer = with(
            item::new(pk, sk),
            [("hash", text(hash.as_str())), ("published", instant(at))],
        );
        let mut transaction = Transaction::new(&self.table);
        transaction.put_new(Label::Existence, version);
        transaction.put(pointer.clone());
        match transaction.commit(&self.client).await? {
            Commit::Done => Ok(Published::New),
            Commit::Failed(_) => {
                let mut transaction = Transaction::new(&self.table);
                transaction.put(pointer);
                transaction.commit(&self.client).await?;
                Ok(Published::Again)
            }
        }
    }
}
