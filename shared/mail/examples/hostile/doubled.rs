//! Each stage with input that is doubled again and again: the worst ratio of times is printed.

use std::hint::black_box;

use crate::processor_time;

const SMALLEST: usize = 64 * 1024;
const DOUBLINGS: u32 = 6;
const ROUNDS: usize = 5;

/// A stage, what its input begins with, the unit that the rest is made of.
type Stage = (&'static str, &'static str, &'static str, fn(&str));

const STAGES: [Stage; 10] = [
    ("quoted text", "", "> a\n", reply),
    ("introductions", "", "On 1 Jan 10:00 a@b.example\n", reply),
    ("header blocks", "", "From: x\nDate: y\n", reply),
    ("small print", "", "this e-mail is\n", reply),
    ("links", "", "<a href=x>b<p>", html_words),
    ("quotes in tags", "", "<a b='", html_words),
    ("safe html", "", "<p>a<b>c</b></p>", safe),
    ("marker", "", "=== a", marker),
    (
        "uuencode",
        "From: a@b.example\n\n",
        "begin 644 x\n#0V%T\n",
        read,
    ),
    ("encoded words", "Subject: ", "=?utf-8?Q?a?= ", read),
];

fn reply(text: &str) {
    black_box(mail::reply_text(text));
}

fn html_words(text: &str) {
    black_box(mail::reply_text_of_html(text));
}

fn safe(text: &str) {
    black_box(mail::sanitise(text));
}

fn marker(text: &str) {
    black_box(mail::above_marker(text, "=== a line ==="));
}

fn read(mail: &str) {
    black_box(mail::parse(mail.as_bytes(), None)).ok();
}

/// Prints the largest ratio between the times of an input and of one twice as long.
pub(crate) fn print() {
    println!("\nTime of doubled input, {SMALLEST} bytes doubled {DOUBLINGS} times");
    for (name, begin, unit, stage) in STAGES {
        let seconds = |bytes: usize| {
            let input = format!("{begin}{}", unit.repeat(bytes / unit.len()));
            let once = || {
                let start = processor_time();
                stage(&input);
                processor_time().saturating_sub(start).as_secs_f64()
            };
            (0..ROUNDS).map(|_| once()).fold(f64::MAX, f64::min)
        };
        let times: Vec<f64> = (0..=DOUBLINGS).map(|n| seconds(SMALLEST << n)).collect();
        let ratios: Vec<String> = times
            .windows(2)
            .map(|pair| format!("{:.2}", pair[1] / pair[0]))
            .collect();
        println!("{name:<16} {}", ratios.join("  "));
    }
}
