#![doc = include_str!("../README.md")]

use std::collections::HashMap;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use aws_sdk_dynamodb::{Client, Config};
use aws_smithy_http_client::tls;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

/// Items of one transaction.
const ITEMS: u32 = 4;

/// Text of an item; with keys and names it comes to 1 KB.
const TEXT: usize = 990;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = client()?;
    let table = std::env::var("TABLE_NAME")?;
    let (client, table) = (&client, &table);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        write(client, table, &event.payload["key"].to_string()).await
    }))
    .await
}

fn client() -> Result<Client, Error> {
    let credentials = Credentials::new(
        std::env::var("AWS_ACCESS_KEY_ID")?,
        std::env::var("AWS_SECRET_ACCESS_KEY")?,
        None,
        None,
        "environment",
    );
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::rustls(
            tls::rustls_provider::CryptoMode::Ring,
        ))
        .build_https();
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(std::env::var("AWS_REGION")?))
        .credentials_provider(credentials)
        .http_client(http);
    config.set_endpoint_url(std::env::var("AWS_ENDPOINT_URL_DYNAMODB").ok());
    Ok(Client::from_conf(config.build()))
}

/// Writes the items of one key, unless it was written before, as opening a ticket does.
async fn write(client: &Client, table: &str, key: &str) -> Result<Value, Error> {
    let mut transaction = client.transact_write_items();
    for place in 0..ITEMS {
        let mut put = Put::builder()
            .table_name(table)
            .set_item(Some(item(key, place)));
        if place == 0 {
            put = put.condition_expression("attribute_not_exists(PK)");
        }
        let operation = TransactWriteItem::builder().put(put.build()?);
        transaction = transaction.transact_items(operation.build());
    }
    transaction.send().await?;
    Ok(Value::Bool(true))
}

fn item(key: &str, place: u32) -> HashMap<String, AttributeValue> {
    let text = |value: String| AttributeValue::S(value);
    HashMap::from([
        ("PK".to_owned(), text(format!("B#{key}"))),
        ("SK".to_owned(), text(format!("item#{place}"))),
        ("text".to_owned(), text("x".repeat(TEXT))),
    ])
}
