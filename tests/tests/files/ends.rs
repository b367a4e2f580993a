//! Links that have ended, and objects that nobody lists.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::{SharedTimeSource, StaticTimeSource};
use play::Answer;
use runtime::{Clients, Config, Files, LINK_LIVES, Links, Seams};
use tests::desk::Desk;
use ticket::FileKey;

use super::{CUSTOMER, desk, download, mail};

#[test]
fn verify_finds_a_file_that_is_gone_and_one_that_nobody_lists() {
    let desk = desk();
    let file = [("a.txt".to_owned(), "content")];
    mail(
        &desk,
        CUSTOMER,
        "support@support.example.com",
        "Please see.",
        &file,
    );
    let folder = desk.data().join("data/s3/mailbucket/files");
    let mut there = std::fs::read_dir(&folder).unwrap();
    let object = there.next().unwrap().unwrap().file_name();
    let (object, other) = (
        folder.join(object),
        folder.join("00000000000000000000000000"),
    );
    let name = |path: &std::path::Path| {
        let name = path.file_name().unwrap().to_string_lossy();
        format!("files/{name}")
    };
    assert_eq!(desk.findings(), [""; 0]);
    std::fs::rename(&object, &other).unwrap();
    // A younger one may still get its ticket.
    desk.advance("PT20M");
    let found = [
        format!("troth verify: \"file-orphan\": \"{}\"", name(&other)),
        format!("troth verify: \"file-missing\": \"{}\"", name(&object)),
    ];
    assert_eq!(desk.findings(), found);
    std::fs::rename(&other, &object).unwrap();
}

/// The bucket's answer to a link that was made so long ago.
fn made_ago(desk: &Desk, ago: Duration, key: &FileKey) -> Answer {
    let s3 = format!("http://127.0.0.1:{}", desk.port("s3"));
    let variables = [
        "TABLE_NAME",
        "URGENT_QUEUE_URL",
        "BULK_QUEUE_URL",
        "SIGNING_KEY_SECRET",
        "PEPPER_SECRET",
        "MAIL_DOMAIN",
        "CONFIGURATION_SET",
    ];
    let mut variables: BTreeMap<String, String> = variables
        .map(|name| (name.to_owned(), "none".to_owned()))
        .into();
    for (name, value) in [
        ("MAIL_BUCKET", "mailbucket"),
        ("FUNCTION_TIMEOUT_SECONDS", "15"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local-only"),
        ("AWS_ENDPOINT_URL_S3", &s3),
    ] {
        variables.insert(name.to_owned(), value.to_owned());
    }
    let config = Config::read(&variables, Links::Relative).unwrap();
    let then = SystemTime::now() - ago;
    let seams = Seams {
        time: SharedTimeSource::new(StaticTimeSource::new(then)),
        ..Seams::real(&config)
    };
    let files = Files::new(&Clients::new(&config, seams).s3(), "mailbucket");
    let executor = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let link = executor.unwrap().block_on(files.link(key, "a.txt"));
    download(&link.unwrap())
}

#[test]
fn a_link_into_the_bucket_is_dead_after_five_minutes() {
    let desk = desk();
    let to = "support@support.example.com";
    mail(
        &desk,
        CUSTOMER,
        to,
        "Please see.",
        &[("a.txt".to_owned(), "content")],
    );
    let files = std::fs::read_dir(desk.data().join("data/s3/mailbucket/files")).unwrap();
    let name = files.map(|file| file.unwrap().file_name()).next().unwrap();
    let key = FileKey::from_stored(name.to_str().unwrap()).unwrap();
    assert_eq!(LINK_LIVES, Duration::from_mins(5));
    let living = made_ago(&desk, Duration::from_secs(270), &key);
    assert_eq!((living.status, living.body.as_str()), (200, "content"));
    let dead = made_ago(&desk, LINK_LIVES + Duration::from_secs(2), &key);
    assert_eq!(dead.status, 403, "{}", dead.body);
    let unsigned = play::send(
        desk.port("s3"),
        "GET",
        &format!("/mailbucket/files/{key}"),
        &[],
        b"",
    );
    assert_eq!(unsigned.unwrap().status, 403);
}
