//! A desk on an embedded database: the real client over loopback HTTP, the real table, the shipped policy.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Config, ConfigBag, Intercept, Region, RuntimeComponents,
};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement,
    KeyType, Projection, ProjectionType, ScalarAttributeType,
};
use dynoxide::Database;
use jiff::Timestamp;
use policy::{Channel, Lang, Policy, TicketType};
use store::{Instants, Opened, Release, Request, Store, StoreError};
use ticket::{AddressHash, Contact, ContentDigest, Pepper, Words};
use tokio::net::TcpListener;

/// An item as it stands in the table.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// Names the URL of another `DynamoDB` than the embedded one, for a second opinion.
const SECOND_OPINION: &str = "SECOND_DYNAMODB";

const POLICY: &str = include_str!("../../../../infra/policies/web-host-au/policy.toml");

/// A Monday in Sydney, 11:00.
pub(crate) const MONDAY: &str = "2026-11-23T00:00:00Z";

/// An instant.
pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Something that reached us and is decided at once.
pub(crate) fn at(text: &str) -> Instants {
    Instants::new(instant(text), instant(text))
}

/// A failure that trying again does not mend.
pub(crate) fn broken() -> StoreError {
    StoreError::Corrupt {
        what: "an item".to_owned(),
        why: "it is broken".to_owned(),
    }
}

pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) client: Client,
    pub(crate) policy: Arc<Policy>,
    pub(crate) pepper: Pepper,
    calls: Arc<AtomicUsize>,
    pub(crate) table: String,
}

/// Counts what goes over the wire.
#[derive(Debug)]
struct Counter(Arc<AtomicUsize>);

impl Intercept for Counter {
    fn name(&self) -> &'static str {
        "Counter"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

impl Desk {
    /// An empty table, served for as long as the test runs, with the policy published.
    pub(crate) async fn new() -> Self {
        let desk = Self::without_policy().await;
        desk.store
            .publish(&desk.policy, &Release::soon(instant(MONDAY), "tests"))
            .await
            .unwrap();
        desk
    }

    pub(crate) async fn without_policy() -> Self {
        let table = own_table();
        let url = match second_opinion() {
            Some(url) => url,
            None => embedded().await,
        };
        let calls = Arc::<AtomicUsize>::default();
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("local"))
            .credentials_provider(Credentials::new("local", "local", None, None, "tests"))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .endpoint_url(url)
            .interceptor(Counter(calls.clone()))
            .build();
        let client = Client::from_conf(config);
        create(&client, &table).await;
        Self {
            store: Store::new(client.clone(), table.as_str()),
            table,
            client,
            policy: Arc::new(policy(POLICY)),
            calls,
            pepper: Pepper::new("pepper for tests"),
        }
    }

    pub(crate) fn customer(&self) -> AddressHash {
        self.contact().hash
    }

    fn contact(&self) -> Contact {
        let address = "customer@example.com";
        Contact {
            hash: AddressHash::of(&self.pepper, address),
            address: address.to_owned(),
            name: "A customer".to_owned(),
        }
    }

    /// A request by form for the technical department.
    pub(crate) fn request(&self, key: &str) -> Request {
        Request {
            source: "form",
            key: key.to_owned(),
            body: ContentDigest::of(&[b"the site is down"]),
            channel: Channel::Form,
            ticket_type: TicketType::Request,
            department: Some("technical".parse().unwrap()),
            priority: None,
            lang: Lang::new("en").unwrap(),
            zone: None,
            requester: self.contact(),
            proved: false,
            words: Words {
                subject: "Site down".to_owned(),
                text: "the site is down".to_owned(),
                ..Words::default()
            },
            shown: false,
            acknowledge: true,
            related: None,
            to: Vec::new(),
            service: None,
            escalates: None,
            copy: None,
        }
    }

    pub(crate) async fn send(&self, request: Request, instants: Instants) -> Opened {
        let opened = self
            .store
            .open(&self.pepper, request, instants, &self.policy);
        opened.await.unwrap()
    }

    /// A ticket opened on Monday.
    pub(crate) async fn open(&self, key: &str) -> Opened {
        self.send(self.request(key), at(MONDAY)).await
    }

    /// Calls to the database so far.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// The policy with another prefix, so that it is another version.
    pub(crate) fn changed_policy(&self) -> Policy {
        let prefix = &self.policy.terms().prefix;
        let changed = POLICY.replace(&format!("prefix = \"{prefix}\""), "prefix = \"XX\"");
        assert_ne!(changed, POLICY);
        policy(&changed)
    }

    /// The policy with a shorter time for first answers.
    pub(crate) fn stricter_policy() -> Policy {
        let changed = POLICY.replace(
            "metric = \"first_response\"\nwithin = \"24 weekday hours\"",
            "metric = \"first_response\"\nwithin = \"20 weekday hours\"",
        );
        assert_ne!(changed, POLICY);
        policy(&changed)
    }

    /// An item as it stands, past the store.
    pub(crate) async fn item(&self, pk: &str, sk: &str) -> Option<Item> {
        let get = self.client.get_item().table_name(&self.table);
        let get = get.key("PK", text(pk)).key("SK", text(sk));
        get.consistent_read(true).send().await.unwrap().item
    }

    /// Writes an item past the store.
    pub(crate) async fn put(&self, item: Item) {
        let put = self.client.put_item().table_name(&self.table);
        put.set_item(Some(item)).send().await.unwrap();
    }

    /// Deletes an item past the store.
    pub(crate) async fn delete(&self, pk: &str, sk: &str) {
        let delete = self.client.delete_item().table_name(&self.table);
        let delete = delete.key("PK", text(pk)).key("SK", text(sk));
        delete.send().await.unwrap();
    }

    /// Every item of the table.
    pub(crate) async fn everything(&self) -> Vec<Item> {
        let scan = self
            .client
            .scan()
            .table_name(&self.table)
            .send()
            .await
            .unwrap();
        let mut items = scan.items.unwrap_or_default();
        items.sort_by_key(|item| (string(item, "PK").to_owned(), string(item, "SK").to_owned()));
        items
    }
}

pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

/// A text attribute; empty where there is none.
pub(crate) fn string<'i>(item: &'i Item, name: &str) -> &'i str {
    item.get(name)
        .and_then(|value| value.as_s().ok())
        .map_or("", String::as_str)
}

/// A policy of these terms.
fn policy(source: &str) -> Policy {
    let page = include_str!("../../../../infra/policies/web-host-au/page.en.md");
    let pages = BTreeMap::from([(Lang::new("en").unwrap(), page.to_owned())]);
    Policy::parse(source, "policy.toml", pages).unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one thing that a run of the tests may be told"
)]
fn second_opinion() -> Option<String> {
    std::env::var(SECOND_OPINION).ok()
}

/// Other tests may share the database of a second opinion.
fn own_table() -> String {
    static TABLES: AtomicUsize = AtomicUsize::new(0);
    let number = TABLES.fetch_add(1, Ordering::Relaxed);
    format!("tickets-{}-{number}", std::process::id())
}

/// Serves an empty database for as long as the test runs; answers its URL.
async fn embedded() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_on(
        listener,
        Database::memory().unwrap(),
    ));
    url
}

/// Makes the table as the template does.
async fn create(client: &Client, table: &str) {
    let indexes = [
        ("due", "due_shard", "due_at"),
        ("queue", "queue", "queue_due"),
        ("agent", "agent", "agent_due"),
        ("person", "person", "person_created"),
    ];
    let element = |name: &str, kind| {
        let element = KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(kind);
        element.build().unwrap()
    };
    let keys_only = || {
        Projection::builder()
            .projection_type(ProjectionType::KeysOnly)
            .build()
    };
    let mut request = client
        .create_table()
        .table_name(table)
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(element("PK", KeyType::Hash))
        .key_schema(element("SK", KeyType::Range));
    for (name, hash, range) in indexes {
        let index = GlobalSecondaryIndex::builder()
            .index_name(name)
            .key_schema(element(hash, KeyType::Hash))
            .key_schema(element(range, KeyType::Range))
            .projection(keys_only());
        request = request.global_secondary_indexes(index.build().unwrap());
    }
    let names = indexes.iter().flat_map(|(_, hash, range)| [*hash, *range]);
    for name in ["PK", "SK"].into_iter().chain(names) {
        let attribute = AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S);
        request = request.attribute_definitions(attribute.build().unwrap());
    }
    request.send().await.unwrap();
}
