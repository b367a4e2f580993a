//! Names and contents of files that break out where nobody takes care.

use ticket::FileKey;

use super::{desk, download, links, mail, opened, page};

/// 200 names that break out of paths, headers and pages where nobody takes care.
fn names() -> Vec<String> {
    let whole = [
        "\u{200B}.htaccess",
        "invoice\u{202E}fdp.exe",
        "../../etc/passwd",
        "..\\..\\boot.ini",
        "a\0b.txt",
        "NUL",
        "con.txt",
        "\"; filename=evil.html",
        "a\r\nSet-Cookie: x=1\r\n\r\n<script>",
        "😀👩‍👩‍👧.png",
        "báo cáo tháng mười.pdf",
        "%0d%0aX: y",
        "''UTF-8''x",
        "a;b=c",
        "<svg onload=alert(1)>.svg",
        "page.html",
        "x.svg",
        "polyglot.gif.js",
        "\\\\host\\share",
        "=?utf-8?Q?=0D=0A?=",
        " ",
        "",
        "\u{2028}\u{2029}\u{85}",
        "\u{FEFF}bom.txt",
        "\u{E0041}tag",
    ];
    let frames: [fn(&str) -> String; 8] = [
        str::to_owned,
        |name| format!("{name}.pdf"),
        |name| format!("../{name}"),
        |name| format!("{name}\r\n{name}"),
        |name| format!("\"{name}\""),
        |name| name.repeat(4096 / name.len().max(1)),
        |name| format!("Ünïcode {name} 文件"),
        |name| format!("\0{name}\u{202E}"),
    ];
    let named = whole.iter();
    named
        .flat_map(|name| frames.map(|frame| frame(name)))
        .collect()
}

#[test]
fn whatever_a_file_is_called_it_lies_under_a_key_of_ours_and_is_only_ever_downloaded() {
    let desk = desk();
    let names = names();
    assert_eq!(names.len(), 200);
    let files: Vec<(String, &str)> = names
        .into_iter()
        .zip(
            [
                "<svg onload=alert(1)/>",
                "<html><script>alert(1)</script>",
                "GIF89a/*<script>*/=1",
            ]
            .into_iter()
            .cycle(),
        )
        .collect();
    for (customer, files) in [
        ("one@example.net", &files[..100]),
        ("two@example.net", &files[100..]),
    ] {
        mail(
            &desk,
            customer,
            "support@support.example.com",
            "Please see.",
            files,
        );
        let links = links(&desk, &page(&desk, customer));
        assert_eq!(links.len(), 100);
        for (link, (name, content)) in links.iter().zip(files) {
            let url = opened(&desk, link).unwrap();
            let object = url.split("/files/").nth(1).unwrap();
            let key = object.split('?').next().unwrap();
            assert_eq!(key.len(), 26, "{name:?}: {url}");
            assert!(FileKey::from_stored(key).is_some(), "{name:?}: {url}");
            assert!(url.contains("X-Amz-Expires=300"), "{url}");
            let file = download(&url);
            assert_eq!(
                (file.status, file.body.as_str()),
                (200, *content),
                "{name:?}"
            );
            assert_eq!(
                file.header("content-type"),
                Some("application/octet-stream")
            );
            assert_eq!(file.header("set-cookie"), None);
            let said = file.header("content-disposition").unwrap();
            let rest = said.strip_prefix("attachment; filename=\"").unwrap();
            let (ascii, full) = rest.split_once("\"; filename*=UTF-8''").unwrap();
            let plain = |c: char| c.is_ascii_alphanumeric() || ".-_ ".contains(c);
            assert!(
                ascii.chars().all(plain) && !ascii.starts_with('.'),
                "{said}"
            );
            let coded = |c: char| c.is_ascii_alphanumeric() || ".-_%".contains(c);
            assert!(!full.is_empty() && full.chars().all(coded), "{said}");
        }
    }
    let stored = std::fs::read_dir(desk.data().join("data/s3/mailbucket/files")).unwrap();
    assert_eq!(stored.count(), 200);
}
