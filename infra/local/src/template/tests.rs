use std::time::Duration;

use serde_json::{Value, json};

use super::document::Document;
use super::intrinsics::Resolver;
use super::model::{EventSource, Redrive, SecretValue};
use super::{Addresses, parse};

fn addresses() -> Addresses {
    Addresses {
        http_api: "http://127.0.0.1:8080".into(),
        sqs: "http://127.0.0.1:4566".into(),
    }
}

const BASE: &str = r#"
Parameters:
  Domain: { Type: String, Default: desk.example }
  Days: { Type: Number, Default: 30 }
Conditions:
  IsDesk: !Equals [!Ref Domain, desk.example]
  Never: !Not [!Condition IsDesk]
  Both: !And [!Condition IsDesk, !Equals ["30", !Ref Days]]
  Either: { "Fn::Or": [{ Condition: Never }, { Condition: IsDesk }] }
Resources:
  Queue: { Type: AWS::SQS::Queue }
  Named: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub "q-${Days}" } }
  Table: { Type: AWS::DynamoDB::Table }
  MailBucket: { Type: AWS::S3::Bucket }
  Key: { Type: AWS::SecretsManager::Secret }
  Api: { Type: AWS::Serverless::HttpApi }
  Worker: { Type: AWS::Serverless::Function, Properties: { CodeUri: x/worker/ } }
  Node:
    Type: AWS::SNS::Topic
    Properties:
      Value: "#;

fn eval(yaml: &str) -> Result<Value, String> {
    let document = Document::parse(&format!("{BASE}{yaml}\n")).map_err(|e| e.to_string())?;
    let resolver = Resolver::new(&document, addresses()).map_err(|e| e.to_string())?;
    let node = &document.resources["Node"].properties["Value"];
    resolver.eval(node, "Node.Value").map_err(|e| e.to_string())
}

#[test]
fn every_intrinsic_evaluates() {
    for (yaml, expected) in [
        ("!Ref Domain", json!("desk.example")),
        ("!Ref Days", json!("30")),
        ("{ Ref: AWS::Region }", json!("eu-central-1")),
        (
            "!Ref Queue",
            json!("http://127.0.0.1:4566/123456789012/Queue"),
        ),
        (
            "!Ref Named",
            json!("http://127.0.0.1:4566/123456789012/q-30"),
        ),
        ("!Ref Table", json!("Table")),
        ("!Ref MailBucket", json!("mailbucket")),
        (
            "!Ref Key",
            json!("arn:aws:secretsmanager:eu-central-1:123456789012:secret:Key-local1"),
        ),
        (
            "!GetAtt Queue.Arn",
            json!("arn:aws:sqs:eu-central-1:123456789012:Queue"),
        ),
        ("{ \"Fn::GetAtt\": [Queue, QueueName] }", json!("Queue")),
        ("!GetAtt MailBucket.Arn", json!("arn:aws:s3:::mailbucket")),
        (
            "!GetAtt Worker.Arn",
            json!("arn:aws:lambda:eu-central-1:123456789012:function:Worker"),
        ),
        ("!GetAtt Api.ApiEndpoint", json!("http://127.0.0.1:8080")),
        (
            "!Sub \"*@${Domain}/${!Kept}/${Table.Arn}\"",
            json!("*@desk.example/${Kept}/arn:aws:dynamodb:eu-central-1:123456789012:table/Table"),
        ),
        (
            "!Sub [\"${a}-${Days}\", { a: !Ref Domain }]",
            json!("desk.example-30"),
        ),
        ("!Join [\":\", [a, !Ref Domain]]", json!("a:desk.example")),
        ("!Select [1, !Split [\".\", !Ref Domain]]", json!("example")),
        ("!If [IsDesk, yes-desk, other]", json!("yes-desk")),
        ("!If [Never, a, !Ref Days]", json!("30")),
        ("!If [Both, a, b]", json!("a")),
        ("!If [Either, a, b]", json!("a")),
        ("{ Kept: 1, Gone: !Ref AWS::NoValue }", json!({ "Kept": 1 })),
    ] {
        assert_eq!(eval(yaml), Ok(expected), "{yaml}");
    }
}

#[test]
fn an_unknown_intrinsic_is_named_with_its_place() {
    for (yaml, name) in [
        ("!ImportValue x", "!ImportValue"),
        ("{ \"Fn::GetAZs\": x }", "Fn::GetAZs"),
        ("[a, !Cidr x]", "!Cidr"),
    ] {
        let error = eval(yaml).unwrap_err();
        assert!(error.contains(name), "{error}");
        assert!(error.contains("Resources.Node.Properties.Value"), "{error}");
    }
}

#[test]
fn a_reference_that_leads_nowhere_is_an_error() {
    for (yaml, says) in [
        ("!Ref Nobody", "there is no resource Nobody"),
        (
            "!GetAtt Table.StreamArn",
            "AWS::DynamoDB::Table has no attribute StreamArn",
        ),
        ("!If [Unknown, a, b]", "there is no condition Unknown"),
        ("!Sub \"${Domain\"", "${ without }"),
        ("!Select [7, [a]]", "past the end"),
    ] {
        let error = eval(yaml).unwrap_err();
        assert!(error.contains(says), "{yaml}: {error}");
    }
}

#[test]
fn a_parameter_without_default_is_an_error() {
    let text = "Parameters: { P: { Type: String } }\nResources: { Q: { Type: AWS::SQS::Queue } }";
    let error = parse(text, addresses()).unwrap_err().to_string();
    assert!(error.contains("Parameters.P"), "{error}");
}

#[test]
fn resources_without_a_local_counterpart_are_refused() {
    let text = "Resources: { C: { Type: AWS::ElastiCache::CacheCluster } }";
    let error = parse(text, addresses()).unwrap_err().to_string();
    assert!(error.contains("AWS::ElastiCache::CacheCluster"), "{error}");
}

#[test]
fn an_event_source_to_an_unknown_queue_is_refused() {
    let text = "
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: x/f
      Events: { E: { Type: SQS, Properties: { Queue: 'arn:aws:sqs:eu-central-1:1:Gone' } } }";
    let error = parse(text, addresses()).unwrap_err().to_string();
    assert!(error.contains("there is no queue Gone"), "{error}");
}

#[test]
fn schedules_other_than_rates_are_refused() {
    let text = "
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: x/f
      Events: { E: { Type: ScheduleV2, Properties: { ScheduleExpression: cron(0 9 * * ? *) } } }";
    let error = parse(text, addresses()).unwrap_err().to_string();
    assert!(error.contains("cron(0 9 * * ? *)"), "{error}");
}

#[test]
fn the_probe_stack_becomes_plain_values() {
    let stack = parse(
        include_str!("../../tests/fixtures/template.yaml"),
        addresses(),
    )
    .unwrap();
    let web = stack
        .functions
        .iter()
        .find(|f| f.id == "WebFunction")
        .unwrap();
    assert_eq!(web.package, "probe");
    assert_eq!(web.timeout, Duration::from_secs(2));
    assert_eq!(web.environment["FUNCTION_TIMEOUT_SECONDS"], "2");
    assert_eq!(web.environment["TABLE"], "Table");
    let routes: Vec<String> = stack.routes.iter().map(super::Route::key).collect();
    assert_eq!(routes, ["GET /things/{id}", "POST /things"]);
    let work = stack.queues.iter().find(|q| q.name == "Work").unwrap();
    assert_eq!(work.visibility, Duration::from_mins(1));
    let redrive = Redrive {
        queue: "Dead".into(),
        max_receives: 3,
    };
    assert_eq!(work.redrive, Some(redrive));
    let source = EventSource {
        queue: "Work".into(),
        function: "WorkFunction".into(),
        batch_size: 10,
        max_concurrency: 5,
        partial: true,
    };
    assert_eq!(stack.sources, [source]);
    let mail = stack
        .functions
        .iter()
        .find(|f| f.id == "MailFunction")
        .unwrap();
    assert_eq!(mail.asynchronous.on_failure.as_deref(), Some("Failed"));
    assert_eq!(stack.schedules[0].period, Duration::from_mins(1));
    assert_eq!(stack.receipt_rules[0].prefix, "inbox/");
    let SecretValue::Generated { into, .. } = &stack.secrets[0].value else {
        panic!("the secret is generated");
    };
    assert_eq!(into.as_ref().unwrap().1, "key");
}

#[test]
fn the_real_template_can_be_run() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml");
    let stack = super::load(path.as_ref(), addresses()).unwrap();
    assert!(stack.functions.iter().all(|f| {
        let stated = f.environment.get("FUNCTION_TIMEOUT_SECONDS").cloned();
        stated == Some(f.timeout.as_secs().to_string())
    }));
    assert_eq!(stack.tables.len(), 1);
}

#[test]
fn receipt_rules_take_domains_addresses_and_labels() {
    let rule = |recipient: &str| super::ReceiptRule {
        recipients: vec![recipient.into()],
        bucket: "b".into(),
        prefix: String::new(),
        function: "F".into(),
    };
    for (recipient, address, takes) in [
        ("desk.example", "Help@DESK.example", true),
        ("desk.example", "help@sub.desk.example", false),
        (".desk.example", "help@sub.desk.example", true),
        ("help@desk.example", "help+r.1@desk.example", true),
        ("help@desk.example", "sales@desk.example", false),
    ] {
        assert_eq!(
            rule(recipient).takes(address),
            takes,
            "{recipient} {address}"
        );
    }
}

#[test]
fn ticks_stand_on_whole_periods() {
    let schedule = super::Schedule {
        id: "S".into(),
        period: Duration::from_mins(1),
        function: "F".into(),
        input: None,
    };
    for (from, tick) in [
        ("2026-03-02T09:30:00Z", "2026-03-02T09:30:00Z"),
        ("2026-03-02T09:30:00.000000001Z", "2026-03-02T09:31:00Z"),
        ("2026-03-02T09:30:59.999Z", "2026-03-02T09:31:00Z"),
        ("1969-12-31T23:59:30Z", "1970-01-01T00:00:00Z"),
    ] {
        let at = schedule.tick_from(from.parse().unwrap());
        assert_eq!(at, tick.parse().unwrap(), "{from}");
    }
}
