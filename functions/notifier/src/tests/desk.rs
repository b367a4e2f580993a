//! The function's desk over an embedded table, with a ticket to write about.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use dynoxide::Database;
use jiff::Timestamp;
use policy::{Channel, Lang, Policy, TicketType};
use runtime::batch::{SqsMessage, Verdict};
use runtime::{Clients, Config, Links, Seams};
use serde_json::json;
use store::{Instants, OutboxEntry, Release, Request, State, Store, Stored};
use ticket::{
    AddressHash, Command, Contact, ContentDigest, NoticeId, Pepper, Text, TicketId, Words,
};
use tokio::net::TcpListener;

use super::ses::Ses;
use crate::handler;

/// A Monday in Sydney, 11:00.
pub(crate) const MONDAY: &str = "2026-11-23T00:00:00Z";

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) struct Desk {
    inside: Arc<handler::Desk>,
    policy: Arc<Policy>,
    pub(crate) ses: Ses,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let ses = Ses::default();
        let url = ses.serve().await;
        Self::at(ses, url.clone(), url).await
    }

    /// Nobody listens where SES should be.
    pub(crate) async fn without_ses() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let nobody = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        Self::with_ses_at(&nobody).await
    }

    /// SES should be at this URL.
    pub(crate) async fn with_ses_at(url: &str) -> Self {
        let ses = Ses::default();
        let others = ses.serve().await;
        Self::at(ses, url.to_owned(), others).await
    }

    async fn at(ses: Ses, ses_url: String, others: String) -> Self {
        let config = config(&table().await, &ses_url, &others);
        let clients = Clients::new(&config, Seams::real(&config));
        let policy = Arc::new(policy());
        let store = Store::new(clients.dynamodb(), config.table.as_str());
        let release = Release::soon(instant(MONDAY), "tests");
        store.publish(&policy, &release).await.unwrap();
        let inside = handler::Desk::new(&config, &clients);
        Self {
            inside: Arc::new(inside),
            policy,
            ses,
        }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inside.store
    }

    /// A ticket that came by mail on Monday, and its acknowledgement.
    pub(crate) async fn open_acknowledged_by_mail(&self) -> (TicketId, NoticeId) {
        let pepper = Pepper::new("pepper for tests");
        let address = "customer@example.com";
        let request = Request {
            source: "email",
            key: "ses-in-1".to_owned(),
            body: ContentDigest::of(&[b"the site is down"]),
            channel: Channel::Email,
            ticket_type: TicketType::Request,
            department: Some("technical".parse().unwrap()),
            priority: None,
            lang: Lang::new("en").unwrap(),
            zone: None,
            requester: Contact {
                hash: AddressHash::of(&pepper, address),
                address: address.to_owned(),
                name: "A customer".to_owned(),
            },
            proved: false,
            words: Words {
                subject: "Site down".to_owned(),
                ..Words::text("the site is down")
            },
            shown: false,
            acknowledge: true,
            related: None,
            to: Vec::new(),
            service: None,
            escalates: None,
            copy: None,
        };
        let at = Instants::new(instant(MONDAY), instant(MONDAY));
        let opened = self
            .store()
            .open(&pepper, request, at, &self.policy)
            .await
            .unwrap();
        let ticket = opened.ticket.id;
        let notices = self
            .notices(ticket, |text| *text == Text::Acknowledgement)
            .await;
        (ticket, notices[0].notice.id.clone())
    }

    pub(crate) async fn execute(&self, ticket: TicketId, command: &Command, at: &str) {
        let instants = Instants::new(instant(at), instant(at));
        self.store()
            .execute(ticket, command, instants, None)
            .await
            .unwrap();
    }

    pub(crate) async fn deliver(&self, ticket: TicketId, notice: &NoticeId, now: &str) -> Verdict {
        let body = json!({ "ticket": ticket, "notice": notice }).to_string();
        self.deliver_body(&body, now).await
    }

    pub(crate) async fn deliver_body(&self, body: &str, now: &str) -> Verdict {
        let mut record = SqsMessage::default();
        record.body = Some(body.to_owned());
        // Boxed: it holds a ticket and a letter, and every test's future would carry the room for them.
        let delivered = handler::deliver(
            Arc::clone(&self.inside),
            record,
            instant(now),
            Instant::now(),
        );
        Box::pin(delivered).await
    }

    pub(crate) async fn state(&self, ticket: TicketId, notice: &NoticeId) -> State {
        self.store()
            .notice(ticket, notice)
            .await
            .unwrap()
            .unwrap()
            .state
    }

    pub(crate) async fn stored(&self, ticket: TicketId) -> Stored {
        self.store().load(ticket).await.unwrap().unwrap()
    }

    pub(crate) async fn notices(
        &self,
        ticket: TicketId,
        wanted: impl Fn(&Text) -> bool,
    ) -> Vec<OutboxEntry> {
        let mut notices = self.store().notices(ticket).await.unwrap();
        notices.retain(|entry| wanted(&entry.notice.text));
        notices
    }
}

fn config(dynamodb: &str, ses: &str, others: &str) -> Config {
    let variables = [
        ("TABLE_NAME", "tickets"),
        ("MAIL_BUCKET", "mail"),
        ("URGENT_QUEUE_URL", others),
        ("BULK_QUEUE_URL", others),
        ("SIGNING_KEY_SECRET", "signing"),
        ("PEPPER_SECRET", "pepper"),
        ("MAIL_DOMAIN", "mail.example.com"),
        ("CONFIGURATION_SET", "mail"),
        ("FORM_URL", "https://desk.example.com"),
        ("FUNCTION_TIMEOUT_SECONDS", "60"),
        ("AWS_REGION", "local"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL", others),
        ("AWS_ENDPOINT_URL_DYNAMODB", dynamodb),
        ("AWS_ENDPOINT_URL_SESV2", ses),
    ];
    let owned = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Config::read(&BTreeMap::from(owned), Links::Absolute).unwrap()
}

fn policy() -> Policy {
    let source = include_str!("../../../../infra/policies/web-host-au/policy.toml");
    let page = include_str!("../../../../infra/policies/web-host-au/page.en.md");
    let pages = BTreeMap::from([(Lang::new("en").unwrap(), page.to_owned())]);
    Policy::parse(source, "policy.toml", pages).unwrap()
}

/// An empty table, served for as long as the test runs; answers its URL. Its indexes are nothing to this function.
async fn table() -> String {
    let database = Database::memory().unwrap();
    let request = json!({
        "TableName": "tickets",
        "AttributeDefinitions": [
            { "AttributeName": "PK", "AttributeType": "S" },
            { "AttributeName": "SK", "AttributeType": "S" },
        ],
        "KeySchema": [
            { "AttributeName": "PK", "KeyType": "HASH" },
            { "AttributeName": "SK", "KeyType": "RANGE" },
        ],
        "BillingMode": "PAY_PER_REQUEST",
    });
    database
        .create_table(serde_json::from_value(request).unwrap())
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    url
}
