//! A desk for the functions: the template's table with a policy published, the services, the variables that lead there.

use std::collections::BTreeMap;
use std::sync::Arc;

use dynoxide::{Database, ImportOptions};
use jiff::Timestamp;
use policy::{Lang, Policy};
use runtime::{Clients, OperatorConfig, Seams};
use serde_json::{Value, json};
use store::{Release, Store};

use crate::Fallible;
use crate::process::{Environment, TIMEOUT};
use crate::services::Services;
use crate::units::Item;
use crate::wire::Wire;

/// ARNs, as the template's variables name the secrets.
pub(crate) const SIGNING_KEY_SECRET: &str =
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:signing-key";
pub(crate) const PEPPER_SECRET: &str =
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:pepper";

const TABLE: &str = "tickets";

/// A Monday in Sydney, 11:00: the department works.
const MONDAY: &str = "2026-11-23T00:00:00Z";

/// One desk.
pub(crate) struct Desk {
    database: Database,
    pub(crate) wire: Arc<Wire>,
    pub(crate) services: Arc<Services>,
    pub(crate) environment: Environment,
    /// The instant at which everything happens.
    pub(crate) now: Timestamp,
    /// The key attributes of each index.
    pub(crate) indexes: BTreeMap<String, (String, String)>,
}

impl Desk {
    /// Opens a desk whose bucket holds this mail.
    pub(crate) async fn open(mail: String) -> Fallible<Self> {
        let table = table()?;
        let database = Database::memory()?;
        database.create_table(serde_json::from_value(table.clone())?)?;
        let (wire, dynamodb) = Wire::serve(database.clone()).await?;
        let (services, others) = Services::serve(mail).await?;
        let environment = environment(&format!("http://{dynamodb}"), &format!("http://{others}"));
        let desk = Self {
            database,
            wire,
            services,
            environment,
            now: MONDAY.parse()?,
            indexes: indexes(&table),
        };
        let config = OperatorConfig::read(&desk.environment)?;
        let clients = Clients::new(&config, Seams::real(&config));
        let store = Store::new(clients.dynamodb(), config.table.as_str());
        let release = Release::soon(desk.now, "the bench");
        store.publish(&policy()?, &release).await?;
        Ok(desk)
    }

    /// Every item of the table.
    pub(crate) fn items(&self) -> Fallible<Vec<Item>> {
        let mut items = Vec::new();
        let mut scan = json!({ "TableName": TABLE });
        loop {
            let answer = self.database.scan(serde_json::from_value(scan.clone())?)?;
            let answer = serde_json::to_value(answer)?;
            let page = answer["Items"].as_array().map_or(&[][..], Vec::as_slice);
            items.extend(page.iter().filter_map(|item| item.as_object().cloned()));
            if answer["LastEvaluatedKey"].is_null() {
                return Ok(items);
            }
            scan["ExclusiveStartKey"] = answer["LastEvaluatedKey"].clone();
        }
    }

    /// Puts items into the table, past the functions.
    pub(crate) fn import(&self, items: Vec<Item>) -> Fallible<()> {
        let items: Result<Vec<_>, _> = items
            .into_iter()
            .map(|item| serde_json::from_value(Value::Object(item)))
            .collect();
        self.database
            .import_items(TABLE, items?, ImportOptions::default())?;
        Ok(())
    }
}

fn environment(dynamodb: &str, others: &str) -> Environment {
    let seconds = TIMEOUT.as_secs().to_string();
    let variables = [
        ("TABLE_NAME", TABLE),
        ("MAIL_BUCKET", "mail"),
        (
            "URGENT_QUEUE_URL",
            "https://sqs.eu-central-1.amazonaws.com/123456789012/urgent",
        ),
        (
            "BULK_QUEUE_URL",
            "https://sqs.eu-central-1.amazonaws.com/123456789012/bulk",
        ),
        ("SIGNING_KEY_SECRET", SIGNING_KEY_SECRET),
        ("PEPPER_SECRET", PEPPER_SECRET),
        ("MAIL_DOMAIN", "support.example.com"),
        ("CONFIGURATION_SET", "mail"),
        ("FORM_URL", "https://form.example.com"),
        ("FUNCTION_TIMEOUT_SECONDS", &seconds),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "bench"),
        ("AWS_SECRET_ACCESS_KEY", "bench"),
        ("AWS_ENDPOINT_URL_DYNAMODB", dynamodb),
        ("AWS_ENDPOINT_URL_S3", others),
        ("AWS_ENDPOINT_URL_SQS", others),
        ("AWS_ENDPOINT_URL_SESV2", others),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", others),
        ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "bench"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "bench"),
    ];
    variables
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

/// The request that makes the table, from the template.
fn table() -> Fallible<Value> {
    let template = std::fs::read_to_string(crate::root().join("infra/template.yaml"))?;
    let template: serde_yaml_ng::Value = serde_yaml_ng::from_str(&template)?;
    let table = &template["Resources"]["TicketTable"]["Properties"];
    let part = |name: &str| serde_json::to_value(&table[name]);
    Ok(json!({
        "TableName": TABLE,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": part("AttributeDefinitions")?,
        "KeySchema": part("KeySchema")?,
        "GlobalSecondaryIndexes": part("GlobalSecondaryIndexes")?,
    }))
}

fn indexes(table: &Value) -> BTreeMap<String, (String, String)> {
    let indexes = table["GlobalSecondaryIndexes"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let attribute = |index: &Value, place: usize| text(&index["KeySchema"][place]["AttributeName"]);
    indexes
        .iter()
        .map(|index| {
            (
                text(&index["IndexName"]),
                (attribute(index, 0), attribute(index, 1)),
            )
        })
        .collect()
}

fn policy() -> Fallible<Policy> {
    let folder = crate::root().join("infra/policies/web-host-au");
    let source = std::fs::read_to_string(folder.join("policy.toml"))?;
    let page = std::fs::read_to_string(folder.join("page.en.md"))?;
    let pages = BTreeMap::from([(Lang::new("en")?, page)]);
    Policy::parse(&source, "policy.toml", pages)
        .map_err(|problems| format!("the policy is not in order: {problems:?}").into())
}
