//! One `SQLite` file for what AWS keeps durably: queued messages and asynchronous events.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction};

use crate::stop::{Doing, Stop};

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    -- A killed process loses nothing that SQLite has handed to the kernel.
    PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS messages (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        queue TEXT NOT NULL,
        body TEXT NOT NULL,
        attributes TEXT NOT NULL,
        sent_at INTEGER NOT NULL,
        visible_at INTEGER NOT NULL,
        receives INTEGER NOT NULL DEFAULT 0,
        first_receive INTEGER NOT NULL DEFAULT 0,
        receipt TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX IF NOT EXISTS messages_due ON messages (queue, visible_at, seq);
    CREATE TABLE IF NOT EXISTS async_events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        function TEXT NOT NULL,
        payload BLOB NOT NULL,
        due INTEGER NOT NULL,
        created INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        schedule TEXT
    );
    -- Mails that the event bus was told of.
    CREATE TABLE IF NOT EXISTS told_sends (mail TEXT PRIMARY KEY);
";

/// The open file. Calls are short; they run on the caller's thread.
#[derive(Debug)]
pub(crate) struct Ledger(Mutex<Connection>);

impl Ledger {
    pub(crate) fn open(path: &Path) -> Result<Self, Stop> {
        let connection = Connection::open(path).doing(format!("open {}", path.display()))?;
        connection
            .execute_batch(SCHEMA)
            .doing(format!("prepare {}", path.display()))?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Runs `work` in one transaction: it happens whole or not at all.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction()?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    /// Runs a reading query.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        work(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// An instant as the ledger keeps it.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// The instant of a kept number.
pub(crate) fn instant(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}
