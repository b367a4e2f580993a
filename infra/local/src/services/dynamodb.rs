//! `DynamoDB`: `dynoxide` on one `SQLite` file, tables made from the template.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dynoxide::Database;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::stop::{Doing, Stop};
use crate::template::TableSpec;

/// How often expired items are looked for.
const SWEEP_EVERY: Duration = Duration::from_hours(1);

/// A signature in the shape that names the region, for services that do not check it.
const SIGNED_BY_NOBODY: &str = "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0";

/// The open database.
#[derive(Clone)]
pub(crate) struct Tables {
    database: Database,
    file: PathBuf,
}

impl Tables {
    /// Opens the file and makes the tables that it does not hold yet.
    pub(crate) fn open(file: PathBuf, specs: &[TableSpec]) -> Result<Self, Stop> {
        let shown = file.display().to_string();
        let database = Database::new(&shown).doing(format!("open {shown}"))?;
        for spec in specs {
            let known = database.get_table_metadata(&spec.name);
            if known.doing(format!("read {shown}"))?.is_none() {
                create(&database, spec)?;
            }
        }
        Ok(Self { database, file })
    }

    /// Serves the API until the runner ends.
    pub(crate) async fn serve(self, listener: TcpListener) {
        dynoxide::server::serve_on(listener, self.database).await;
    }

    /// Deletes expired items now and then. The library goes by real time: an
    /// advanced clock finds them late, and the cloud promises no better; a clock
    /// behind real time would find them early, so then nothing is deleted.
    pub(crate) async fn sweep(self, clock: Arc<Clock>) {
        loop {
            tokio::time::sleep(SWEEP_EVERY).await;
            if clock.now() < Timestamp::now() {
                continue;
            }
            let database = self.database.clone();
            let sweep = tokio::task::spawn_blocking(move || database.sweep_ttl());
            if let Ok(Err(error)) = sweep.await {
                eprintln!("local: cannot delete expired items: {error}");
            }
        }
    }

    /// A second connection that notices commits of the first.
    pub(crate) fn watcher(&self) -> Result<Watcher, Stop> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)
            .doing(format!("open {}", self.file.display()))?;
        Ok(Watcher(connection))
    }
}

fn create(database: &Database, spec: &TableSpec) -> Result<(), Stop> {
    let doing = || format!("create the table {}", spec.name);
    let request = serde_json::from_value(spec.create.clone()).doing(doing())?;
    database.create_table(request).doing(doing())?;
    if let Some(attribute) = &spec.ttl_attribute {
        let request = serde_json::from_value(json!({
            "TableName": spec.name,
            "TimeToLiveSpecification": { "AttributeName": attribute, "Enabled": true },
        }));
        database
            .update_time_to_live(request.doing(doing())?)
            .doing(doing())?;
    }
    Ok(())
}

/// Makes the tables in another `DynamoDB` on this machine, where they may be already; answers where it listens.
pub(crate) fn elsewhere(port: u16, specs: &[TableSpec]) -> Result<String, Stop> {
    for spec in specs {
        let doing = || format!("create the table {} on port {port}", spec.name);
        let headers = [
            ("X-Amz-Target", "DynamoDB_20120810.CreateTable"),
            ("Content-Type", "application/x-amz-json-1.0"),
            // Emulators look at the region and check no signature.
            ("Authorization", SIGNED_BY_NOBODY),
        ];
        let body = spec.create.to_string();
        let answer = play::send(port, "POST", "/", &headers, body.as_bytes()).doing(doing())?;
        if answer.status != 200 && !answer.body.contains("ResourceInUseException") {
            return Err(Stop::new(format!("cannot {}: {}", doing(), answer.body)));
        }
    }
    Ok(format!("127.0.0.1:{port}"))
}

/// Tells whether anything was committed since a mark.
#[derive(Debug)]
pub(crate) struct Watcher(Connection);

impl Watcher {
    /// A number that changes with every commit, whoever made it.
    pub(crate) fn mark(&self) -> i64 {
        self.0
            .query_row("PRAGMA data_version", [], |row| row.get(0))
            .unwrap_or(-1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> TableSpec {
        TableSpec {
            name: "Things".to_owned(),
            create: json!({
                "TableName": "Things",
                "AttributeDefinitions": [{ "AttributeName": "PK", "AttributeType": "S" }],
                "KeySchema": [{ "AttributeName": "PK", "KeyType": "HASH" }],
                "BillingMode": "PAY_PER_REQUEST",
            }),
            ttl_attribute: Some("ttl".to_owned()),
        }
    }

    #[test]
    fn a_commit_changes_the_mark_and_a_read_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let tables = Tables::open(dir.path().join("t.sqlite"), &[spec()]).unwrap();
        let watcher = tables.watcher().unwrap();
        let before = watcher.mark();
        let get = json!({ "TableName": "Things", "Key": { "PK": { "S": "a" } } });
        tables
            .database
            .get_item(serde_json::from_value(get).unwrap())
            .unwrap();
        assert_eq!(watcher.mark(), before);
        let put = json!({ "TableName": "Things", "Item": { "PK": { "S": "a" } } });
        tables
            .database
            .put_item(serde_json::from_value(put).unwrap())
            .unwrap();
        assert_ne!(watcher.mark(), before);
    }

    #[test]
    fn tables_that_exist_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("t.sqlite");
        drop(Tables::open(file.clone(), &[spec()]).unwrap());
        Tables::open(file, &[spec()]).unwrap();
    }
}
