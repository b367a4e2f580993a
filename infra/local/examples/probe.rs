//! A function for the runner's own tests: it logs what it got and fails on request.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Error> {
    run(service_fn(handle)).await
}

async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let timeout: u64 = std::env::var("FUNCTION_TIMEOUT_SECONDS")?.parse()?;
    let now = event.context.deadline - timeout * 1000;
    let payload = event.payload;
    if payload["requestContext"].is_object() {
        return http(&payload, now).await;
    }
    if let Some(time) = payload["time"].as_str() {
        println!("tick {time} at {now}");
        let next = std::env::var("NEXT_DUE").ok();
        return Ok(json!({ "next": next }));
    }
    let records = payload["Records"].as_array().cloned().unwrap_or_default();
    let mut failed = Vec::new();
    for record in &records {
        if record["eventSource"] == "aws:ses" {
            mail(record, now)?;
        } else {
            let body = record["body"].as_str().unwrap_or_default();
            let count = &record["attributes"]["ApproximateReceiveCount"];
            println!(
                "message {body} try {} at {now}",
                count.as_str().unwrap_or("?")
            );
            if body.starts_with("fail") {
                failed.push(json!({ "itemIdentifier": record["messageId"] }));
            }
        }
    }
    Ok(json!({ "batchItemFailures": failed }))
}

async fn http(payload: &Value, now: u64) -> Result<Value, Error> {
    let query = &payload["queryStringParameters"];
    match query["do"].as_str() {
        Some("fail") => Err("as you wish".into()),
        Some("exit") => std::process::exit(3),
        Some("hang") => std::future::pending().await,
        _ => Ok(json!({
            "statusCode": 200,
            "headers": { "content-type": "application/json" },
            "body": json!({ "event": payload, "now": now }).to_string(),
        })),
    }
}

fn mail(record: &Value, now: u64) -> Result<(), Error> {
    let subject = &record["ses"]["mail"]["commonHeaders"]["subject"];
    let subject = subject.as_str().unwrap_or_default();
    println!("mail {subject} at {now}");
    if subject.starts_with("fail") {
        return Err("cannot read it".into());
    }
    Ok(())
}
