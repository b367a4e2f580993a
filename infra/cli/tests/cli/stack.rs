//! A stack in this process: the table in memory, a bucket that remembers what was put into it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;

use dynoxide::Database;
use runtime::{Clients, OperatorConfig, Seams};
use serde_json::{Value, json};
use store::Store;

/// What was put into the bucket, in order: path and text.
pub(crate) type Puts = Arc<Mutex<Vec<(String, String)>>>;

pub(crate) struct Stack {
    pub(crate) store: Store,
    pub(crate) database: Database,
    pub(crate) puts: Puts,
    variables: BTreeMap<String, String>,
}

impl Stack {
    pub(crate) async fn new() -> Self {
        Self::with_bucket("200 OK").await
    }

    /// A stack whose bucket answers every upload with this status.
    pub(crate) async fn with_bucket(status: &'static str) -> Self {
        let database = Database::memory().unwrap();
        let table = serde_json::from_value(table()).unwrap();
        database.create_table(table).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let dynamodb = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
        let puts = Puts::default();
        let variables = [
            ("TABLE_NAME", "tickets"),
            ("MAIL_BUCKET", "files"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_ENDPOINT_URL_DYNAMODB", &dynamodb),
            ("AWS_ENDPOINT_URL_S3", &bucket(status, puts.clone())),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let config = OperatorConfig::read(&variables).unwrap();
        let clients = Clients::new(&config, Seams::real(&config));
        Self {
            store: Store::new(clients.dynamodb(), "tickets"),
            database,
            puts,
            variables,
        }
    }

    /// Runs `troth` with the stack's variables and no others.
    pub(crate) async fn troth(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_troth"));
        command.args(arguments).env_clear().envs(&self.variables);
        let run = tokio::task::spawn_blocking(move || command.output());
        run.await.unwrap().unwrap()
    }

    /// What `troth` prints, when it succeeds.
    pub(crate) async fn says(&self, arguments: &[&str]) -> String {
        let output = self.troth(arguments).await;
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{complaint}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What `troth` complains of, when it fails.
    pub(crate) async fn complains(&self, arguments: &[&str]) -> String {
        let output = self.troth(arguments).await;
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    }
}

pub(crate) fn policy_dir() -> String {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../policies/web-host-au");
    dir.to_str().unwrap().to_owned()
}

fn bucket(status: &'static str, puts: Puts) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let puts = puts.clone();
            thread::spawn(move || take_puts(&stream.unwrap(), status, &puts));
        }
    });
    url
}

/// Answers requests until the client goes.
fn take_puts(stream: &TcpStream, status: &str, puts: &Puts) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut lines = reader.by_ref().lines();
        let request = lines.next()?.unwrap();
        let headers: Vec<String> = lines
            .map_while(|line| line.ok().filter(|l| !l.is_empty()))
            .collect();
        let length = headers.iter().find_map(|header| {
            let (name, value) = header.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.parse().unwrap())
        });
        let mut body = vec![0; length.unwrap()];
        reader.read_exact(&mut body).unwrap();
        let mut words = request.split(' ');
        assert_eq!(words.next(), Some("PUT"));
        let path = words.next().unwrap().split('?').next().unwrap().to_owned();
        puts.lock()
            .unwrap()
            .push((path, String::from_utf8(body).unwrap()));
        let mut stream = stream;
        write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").unwrap();
    }
}

/// The table as the template makes it, with the one index that lists need.
fn table() -> Value {
    let key = |hash, range| {
        json!([
            { "AttributeName": hash, "KeyType": "HASH" },
            { "AttributeName": range, "KeyType": "RANGE" },
        ])
    };
    let names = ["PK", "SK", "queue", "queue_due"];
    json!({
        "TableName": "tickets",
        "AttributeDefinitions": names.map(|name| json!({ "AttributeName": name, "AttributeType": "S" })),
        "KeySchema": key("PK", "SK"),
        "GlobalSecondaryIndexes": [{
            "IndexName": "queue",
            "KeySchema": key("queue", "queue_due"),
            "Projection": { "ProjectionType": "KEYS_ONLY" },
        }],
        "BillingMode": "PAY_PER_REQUEST",
    })
}
