//! Mails made to cost much.

pub(crate) const NAMES: [&str; 15] = [
    "quoted-lines",
    "introductions",
    "parts",
    "boundaries",
    "header-lines",
    "folded-header",
    "nesting",
    "nested-messages",
    "base64",
    "date",
    "subject",
    "references",
    "from",
    "deep-html",
    "formatting-html",
];

const TOP: &str = "From: Jo <jo@x.example>\nTo: desk@y.example\nMessage-ID: <1@x.example>\n";
const MB: usize = 1_000_000;

/// The mail of a case.
pub(crate) fn mail(name: &str) -> Option<Vec<u8>> {
    let filled = |unit: &str, bytes: usize| unit.repeat(bytes / unit.len());
    let typed = |kind: &str| format!("{TOP}Content-Type: {kind}\n\n");
    let field = |name: &str, unit: &str| format!("{TOP}{name}: {}\n\nhi\n", filled(unit, 10 * MB));
    let level = |n| format!("Content-Type: multipart/mixed; boundary=n{n}\n\n--n{n}\n");
    let nested = (0..1_000).map(level).collect::<Vec<_>>().concat();
    let text = match name {
        "quoted-lines" => format!("{TOP}\n{}", filled("> \n", 10 * MB)),
        "introductions" => format!("{TOP}\n{}", filled("On 1 Jan 10:00 a@b.example\n", 10 * MB)),
        "parts" => typed("multipart/mixed; boundary=b") + &"--b\n\nx\n".repeat(100_000),
        "boundaries" => format!("{TOP}{nested}\n") + &filled("--n1000x\n", 10 * MB),
        "header-lines" => format!("{TOP}{}\nhi\n", "X: y\n".repeat(1_000_000)),
        "folded-header" => format!("{TOP}X: y\n{}\nhi\n", " y\n".repeat(1_000_000)),
        "nesting" => format!("{TOP}{nested}\nhi\n"),
        "nested-messages" => format!(
            "{TOP}{}hi\n",
            "Content-Type: message/rfc822\n\n".repeat(1_000)
        ),
        "base64" => {
            let head = typed("application/pdf; name=a.pdf")
                .replace("\n\n", "\nContent-Transfer-Encoding: base64\n\n");
            let line = format!("{}\n", "QUJD".repeat(19));
            let room = 40 * 1024 * 1024 - head.len();
            head + &filled(&line, room)
        }
        "date" => field("Date", "Mon, 3 Mar 2025 (((("),
        "subject" => field("Subject", "=?utf-8?B?w6TDtg==?= =?"),
        "references" => field("References", "<a@b.example> <"),
        "from" => field("From", "\"(a@b.example\" <;,"),
        "deep-html" => typed("text/html") + &filled("<div><b><table>", 10 * MB),
        "formatting-html" => {
            let font = |n| format!("<font size={n}>");
            let fonts = (0..2_000).map(font).collect::<Vec<_>>().concat();
            typed("text/html") + &fonts + &filled("<p>x", 2 * MB)
        }
        _ => return None,
    };
    Some(text.into_bytes())
}
