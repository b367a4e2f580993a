//! What was published when, and what is in force: an entry for each publication, ordered by the instant from which it
//! holds.

use jiff::{SignedDuration, Timestamp};
use policy::PolicyHash;

use crate::error::StoreError;
use crate::item::{self, Item, Reader, instant, text, with};
use crate::{Store, keys};

/// How long a function believes the schedule that it has read. A version that is published takes effect this much
/// later at the earliest, so that all functions change over at the same instant.
pub const SCHEDULE_AGE: SignedDuration = SignedDuration::from_secs(60);

/// A version with the instant from which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The version.
    pub version: PolicyHash,
    /// From when it is in force, until the next one is.
    pub effective: Timestamp,
    /// When it was published.
    pub published: Timestamp,
    /// Who approved it; unknown for what was published before approval was recorded.
    pub approved_by: Option<String>,
}

/// The publication in force at an instant, of a list in the order of [`Store::publications`].
pub fn in_force(publications: &[Publication], at: Timestamp) -> Option<&Publication> {
    publications
        .iter()
        .rev()
        .find(|publication| publication.effective <= at)
}

/// An instant as publications keep it: whole seconds, never earlier.
pub(crate) fn whole_second(at: Timestamp) -> Timestamp {
    keys::instant_of(&keys::sortable(at)).unwrap_or(at)
}

pub(crate) fn row(publication: &Publication) -> Item {
    let (pk, prefix) = keys::PUBLICATIONS;
    let effective = keys::sortable(publication.effective);
    let sk = format!("{prefix}{effective}#{}", publication.version);
    let item = with(
        item::new(pk, &sk),
        [
            ("hash", text(publication.version.as_str())),
            ("effective", instant(publication.effective)),
            ("published", instant(publication.published)),
        ],
    );
    match &publication.approved_by {
        Some(who) => with(item, [("approved", text(who))]),
        None => item,
    }
}

pub(crate) fn read(item: &Item) -> Result<Publication, StoreError> {
    let reader = Reader::new(item)?;
    let version = reader.text("hash")?.parse();
    let published = reader.instant("published")?;
    Ok(Publication {
        version: version.map_err(|error| StoreError::corrupt(reader.name(), error))?,
        // The pointer of older binaries has no instant of its own: it held from its publication.
        effective: match item.get("effective") {
            Some(_) => reader.instant("effective")?,
            None => published,
        },
        published,
        approved_by: reader.optional("approved").map(str::to_owned),
    })
}

impl Store {
    /// Everything that was ever published, in the order in which it takes effect; the future included.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn publications(&self) -> Result<Vec<Publication>, StoreError> {
        let (pk, prefix) = keys::PUBLICATIONS;
        let mut all = Vec::new();
        // What an older binary published stands there.
        let pointer = keys::CURRENT_POLICY;
        if let Some(pointer) = self.get(pointer.0, pointer.1).await? {
            all.push(read(&pointer)?);
        }
        for item in self.partition(pk, prefix).await? {
            all.push(read(&item)?);
        }
        all.sort_by_key(|publication| publication.effective);
        Ok(all)
    }

    /// What a function keeps for a minute: the publication in force and those to come, in order.
    pub(crate) async fn schedule(&self, now: Timestamp) -> Result<Vec<Publication>, StoreError> {
        let mut all = self.publications().await?;
        let current = all.iter().rposition(|one| one.effective <= now);
        Ok(all.split_off(current.unwrap_or_default()))
    }
}
