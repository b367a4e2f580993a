//! What reading a mail costs against the plain way: `cargo bench -p mail [-- FOLDER]`.
//!
//! Ours parses, classifies, finds the new words and makes the HTML safe; the plain way is `mail-parser`,
//! `ammonia` and `html2text` on the same bytes. The bound is 1.5 times the plain way. Reading also searches the
//! texts for secrets, for which the plain way has nothing: that search is timed by itself and is not in the ratio.
//! FOLDER holds mails (`*.eml`, at any depth); without one a generated mix is read.

use std::{
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

use mail_parser::{MessageParser, MimeHeaders as _, PartType};

const ROUNDS: usize = 15;
const BOUND: f64 = 1.5;

fn main() {
    let folder = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let mails = folder.map_or_else(generated, |folder| {
        let mut mails = Vec::new();
        collect(Path::new(&folder), &mut mails);
        mails
    });
    let bytes: usize = mails.iter().map(Vec::len).sum();
    println!(
        "{} mails, {} KB, best of {ROUNDS} readings each",
        mails.len(),
        bytes / 1024
    );
    let [ours, search, plain] = best(&mails).map(|time| time.as_secs_f64() * 1e3);
    let ratio = (ours - search) / plain;
    println!("ours   {ours:8.2} ms, {search:.2} of it the search for secrets");
    println!("plain  {plain:8.2} ms");
    let verdict = if ratio <= BOUND { "within" } else { "OVER" };
    println!("ratio  {ratio:8.2}  ({verdict} the bound of {BOUND})");
}

fn collect(folder: &Path, mails: &mut Vec<Vec<u8>>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, mails);
        } else if path.extension().is_some_and(|e| e == "eml") {
            mails.extend(std::fs::read(path).ok());
        }
    }
}

/// The best time of each mail, summed: on a busy machine a whole round is always interrupted, a single mail hardly ever.
fn best(mails: &[Vec<u8>]) -> [Duration; 3] {
    let mut sums = [Duration::ZERO; 3];
    for mail in mails {
        let texts = mail::texts(mail);
        let stages: [&dyn Fn(); 3] = [&|| ours(mail), &|| search(&texts), &|| plain(mail)];
        for (stage, sum) in stages.iter().zip(&mut sums) {
            let once = |_| {
                let start = Instant::now();
                stage();
                start.elapsed()
            };
            *sum += (0..ROUNDS).map(once).min().unwrap_or_default();
        }
    }
    sums
}

fn search(texts: &[String]) {
    for text in texts {
        black_box(ticket::mask(black_box(text)));
    }
}

fn ours(raw: &[u8]) {
    let raw = black_box(raw);
    black_box(mail::parse(raw, None)).ok();
    black_box(mail::display_html(raw));
}

fn plain(raw: &[u8]) {
    let Some(message) = MessageParser::default().parse(black_box(raw)) else {
        return;
    };
    for part in &message.parts {
        if let PartType::Html(html) = &part.body
            && part.attachment_name().is_none()
        {
            black_box(ammonia::clean(html));
            black_box(html2text::from_read(html.as_bytes(), 80)).ok();
        }
    }
    black_box(&message);
}

/// A mix as a desk gets it: short answers, long quotations, newsletters, a file, a bounce.
fn generated() -> Vec<Vec<u8>> {
    let top = |kind: &str| {
        format!(
            "Received: from a.example by b.example; Mon, 3 Mar 2025 10:00:00 +0000\r\nFrom: =?utf-8?Q?J=C3=B6?= <jo@x.example>\r\nTo: desk@y.example\r\nSubject: Re: the shop\r\nMessage-ID: <1@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n"
        )
    };
    let words = "The shop does not open, and the page says that the key is wrong.\r\n";
    let quoted = format!("> {words}").repeat(60);
    let answer = format!(
        "{}\r\n{words}\r\nOn Mon, 3 Mar 2025 at 10:00, Desk <d@y.example> wrote:\r\n{quoted}",
        top("text/plain; charset=utf-8")
    );
    let row = "<tr><td style=\"padding:4px\"><p class=\"c\">The <b>shop</b> is <a href=\"https://x.example/?a=1&amp;b=2\">open</a> again.</p></td></tr>\r\n";
    let html = format!(
        "<html><head><style>p{{margin:0}}</style></head><body><table>{}</table></body></html>",
        row.repeat(200)
    );
    let rich = format!(
        "{}\r\n--b\r\nContent-Type: text/plain\r\n\r\n{}\r\n--b\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b--\r\n",
        top("multipart/alternative; boundary=b"),
        words.repeat(50)
    );
    let only_rich = format!("{}\r\n{html}", top("text/html"));
    let base64 = format!("{}\r\n", "QUJD".repeat(19)).repeat(3_000);
    let file = format!(
        "{}\r\n--b\r\n\r\n{words}\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64}--b--\r\n",
        top("multipart/mixed; boundary=b")
    );
    let bounce = format!(
        "{}\r\n--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a.example\r\n\r\nFinal-Recipient: rfc822; jo@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{answer}\r\n--b--\r\n",
        top("multipart/report; report-type=delivery-status; boundary=b")
    );
    let mix = [
        (answer, 8),
        (rich, 4),
        (only_rich, 2),
        (file, 1),
        (bounce, 2),
    ];
    mix.into_iter()
        .flat_map(|(mail, times)| std::iter::repeat_n(mail.into_bytes(), times))
        .collect()
}
