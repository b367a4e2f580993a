//! Policy versions: immutable items, read once and kept.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use policy::{Lang, Policy, PolicyHash};
use tokio::sync::Mutex;

use crate::error::StoreError;
use crate::item::{self, Item, Reader, instant, text, with};
use crate::publications::{self, Publication, SCHEDULE_AGE, in_force, whole_second};
use crate::transaction::{Commit, Label, Transaction};
use crate::{Store, keys, rollouts};

/// Versions never change, so they are kept for the life of the process; the schedule is kept for a minute.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    versions: Mutex<HashMap<String, Arc<Policy>>>,
    schedule: Mutex<Option<(Timestamp, Vec<Publication>)>>,
}

/// How a version is to come into force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// From when; as soon as every function can know of it if left open.
    pub effective: Option<Timestamp>,
    /// The instant of publication.
    pub now: Timestamp,
    /// Who approved the text.
    pub approved_by: String,
    /// Whether customers with open tickets are told.
    pub announce: bool,
}

impl Release {
    /// A release as soon as possible, told to nobody.
    pub fn soon(now: Timestamp, approved_by: impl Into<String>) -> Self {
        Self {
            effective: None,
            now,
            approved_by: approved_by.into(),
            announce: false,
        }
    }
}

/// What became of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// A new version is in force from this instant.
    New(Timestamp),
    /// A version published before is in force again from this instant.
    Again(Timestamp),
    /// It is in force at that instant anyway; nothing was written.
    Unchanged,
    /// Functions that run now would learn of it too late; nothing was written. This is the earliest instant.
    TooSoon(Timestamp),
}

impl Store {
    /// The policy in force at `now`, or none before the first publication.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`; `Corrupt` if the version cannot be read by this binary.
    pub async fn current_policy(&self, now: Timestamp) -> Result<Option<Arc<Policy>>, StoreError> {
        let mut cached = self.policies.schedule.lock().await;
        let fresh = cached
            .as_ref()
            .filter(|(read, _)| now.duration_since(*read).abs() < SCHEDULE_AGE);
        let hash = if let Some((_, schedule)) = fresh {
            in_force(schedule, now).map(|publication| publication.version.clone())
        } else {
            let schedule = self.schedule(now).await?;
            let hash = in_force(&schedule, now).map(|publication| publication.version.clone());
            // That there is none is not remembered: the first publication counts at once.
            *cached = hash.as_ref().map(|_| (now, schedule));
            hash
        };
        drop(cached);
        match hash {
            Some(hash) => self.policy(&hash).await.map(Some),
            None => Ok(None),
        }
    }

    /// The policy in force at `now` or, where none is yet, the first to come: for an operator, whose clock may not be
    /// the stack's.
    ///
    /// # Errors
    /// As for [`Store::current_policy`].
    pub async fn nearest_policy(&self, now: Timestamp) -> Result<Option<Arc<Policy>>, StoreError> {
        let publications = self.publications().await?;
        match in_force(&publications, now).or(publications.first()) {
            Some(publication) => self.policy(&publication.version).await.map(Some),
            None => Ok(None),
        }
    }

    /// A published version; versions stay readable for ever.
    ///
    /// # Errors
    /// `Corrupt` if there is no such version or it cannot be read; otherwise as for any read.
    pub async fn policy(&self, hash: &PolicyHash) -> Result<Arc<Policy>, StoreError> {
        let found = self.find_policy(hash).await?;
        found.ok_or_else(|| {
            let what = format!("policy version {hash}");
            StoreError::corrupt(what, "it is not in the table")
        })
    }

    /// A version that somebody asks for by name, or none if there is no such version.
    ///
    /// # Errors
    /// As for [`Store::policy`].
    pub async fn find_policy(&self, hash: &PolicyHash) -> Result<Option<Arc<Policy>>, StoreError> {
        let mut versions = self.policies.versions.lock().await;
        if let Some(policy) = versions.get(hash.as_str()) {
            return Ok(Some(policy.clone()));
        }
        let Some(item) = self.get(&keys::policy(hash), keys::POLICY).await? else {
            return Ok(None);
        };
        let reader = Reader::new(&item)?;
        let policy = Policy::from_json(reader.text("terms")?)
            .map_err(|error| StoreError::corrupt(reader.name(), error))?;
        let policy = Arc::new(policy);
        versions.insert(hash.as_str().to_owned(), policy.clone());
        Ok(Some(policy))
    }

    /// The same version with its pages, which a large version's item does not carry.
    ///
    /// # Errors
    /// As for any read.
    pub async fn with_pages(&self, policy: Arc<Policy>) -> Result<Arc<Policy>, StoreError> {
        if !policy.pages().is_empty() {
            return Ok(policy);
        }
        let mut pages = BTreeMap::new();
        let pk = keys::policy(policy.hash());
        for item in self.partition(&pk, keys::PAGES).await? {
            let reader = Reader::new(&item)?;
            let lang = reader.text("SK")?.trim_start_matches(keys::PAGES);
            let lang =
                Lang::new(lang).map_err(|error| StoreError::corrupt(reader.name(), error))?;
            pages.insert(lang, reader.text("page")?.to_owned());
        }
        Ok(Arc::new(Policy::clone(&policy).with_pages(pages)))
    }

    /// Publishes a version: writes it once, under its hash, with the instant from which it holds, and what is to
    /// become of open tickets.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`; publishing twice is the same as once.
    pub async fn publish(
        &self,
        policy: &Policy,
        release: &Release,
    ) -> Result<Published, StoreError> {
        let publications = self.publications().await?;
        let wanted = release.effective.unwrap_or(release.now);
        let hash = policy.hash();
        if in_force(&publications, wanted).is_some_and(|current| current.version == *hash) {
            return Ok(Published::Unchanged);
        }
        let mut effective = wanted;
        if !publications.is_empty() {
            let known = release.now.checked_add(SCHEDULE_AGE);
            let earliest = whole_second(known.unwrap_or(release.now));
            if release.effective.is_some_and(|at| at < earliest) {
                return Ok(Published::TooSoon(earliest));
            }
            effective = effective.max(earliest);
        }
        let publication = Publication {
            version: hash.clone(),
            effective: whole_second(effective),
            published: release.now,
            approved_by: Some(release.approved_by.clone()),
        };
        let is_new = self.find_policy(hash).await?.is_none();
        let mut transaction = Transaction::new(&self.table);
        if is_new {
            for item in version(policy, release) {
                transaction.put_new(Label::Existence, item);
            }
        }
        transaction.put_new(Label::Existence, publications::row(&publication));
        if !publications.is_empty() {
            for item in rollouts::started(&publication, release.announce) {
                transaction.put_new(Label::Existence, item);
            }
        }
        match transaction.commit(&self.client).await? {
            Commit::Done if is_new => Ok(Published::New(publication.effective)),
            Commit::Done => Ok(Published::Again(publication.effective)),
            Commit::Failed(_) => Err(StoreError::Busy("somebody else publishes")),
        }
    }
}

/// A version's items: its terms, and each page apart, because together they may not fit into one.
fn version(policy: &Policy, release: &Release) -> Vec<Item> {
    let pk = keys::policy(policy.hash());
    let terms = with(
        item::new(&pk, keys::POLICY),
        [
            ("terms", text(policy.to_json())),
            ("published", instant(release.now)),
            ("approved", text(&release.approved_by)),
            ("prevails", text(policy.terms().prevailing.as_str())),
        ],
    );
    let page = |(lang, page): (&Lang, &String)| {
        let sk = format!("{}{lang}", keys::PAGES);
        with(item::new(&pk, &sk), [("page", text(page))])
    };
    let pages = policy.pages().iter().map(page);
    std::iter::once(terms).chain(pages).collect()
}
