//! `/_local/`: what runs, what failed, and what to try next.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use maud::{Markup, html};

use super::layout::page as frame;
use super::state::{is_terminal, letters};
use crate::cloud::Cloud;

/// Log lines per function on the page.
const LINES: usize = 12;

/// Buttons of the clock: label and duration.
const STEPS: [(&str, &str); 6] = [
    ("15 minutes", "PT15M"),
    ("1 hour", "PT1H"),
    ("4 hours", "PT4H"),
    ("1 day", "PT24H"),
    ("3 days", "PT72H"),
    ("1 week", "PT168H"),
];

/// `GET /_local/`.
pub(super) async fn page(State(cloud): State<Arc<Cloud>>) -> Html<String> {
    let content = html! {
        (clock(&cloud))
        (next_steps(&cloud))
        (functions(&cloud))
        (queues(&cloud))
        (dead_letters(&cloud))
        (logs(&cloud))
    };
    frame("Local runner", &content)
}

fn clock(cloud: &Cloud) -> Markup {
    html! {
        section aria-labelledby="clock" {
            h2 id="clock" { "Clock" }
            p {
                "It is " strong { (format!("{:.0}", cloud.clock.now())) }
                @if cloud.clock.held() { " (an advance is under way)" }
                @else if (cloud.clock.speed() - 1.0).abs() > f64::EPSILON { " and time runs " (cloud.clock.speed()) " times as fast" }
                "."
            }
            p {
                "Advance by: "
                @for (label, duration) in STEPS {
                    form method="post" action="/_local/clock" {
                        button name="advance" value=(duration) { (label) }
                    }
                }
            }
        }
    }
}

fn next_steps(cloud: &Cloud) -> Markup {
    let sent = cloud.sending.mailbox.list().len();
    html! {
        section aria-labelledby="next" {
            h2 id="next" { "What to try next" }
            ul {
                @if cloud.stack.routes.iter().any(|route| route.path == "/") {
                    li { a href="/" { "Open the form" } " and write a request." }
                }
                @if let Some(rule) = cloud.stack.receipt_rules.first() {
                    li {
                        "Send mail for " code { (rule.recipients.join(", ")) } " to the SMTP server at "
                        code { (cloud.smtp_address) } "."
                    }
                }
                li { a href="/_local/mail" { "Read what was sent" } " (" (sent) " so far)." }
                li { "Advance the clock and see who is told." }
            }
        }
    }
}

fn functions(cloud: &Cloud) -> Markup {
    html! {
        section aria-labelledby="functions" {
            h2 id="functions" { "Functions" }
            div.wide { table {
                thead { tr {
                    th scope="col" { "Function" } th scope="col" { "Invocations" } th scope="col" { "Errors" }
                    th scope="col" { "Timeouts" } th scope="col" { "Peak memory" }
                } }
                tbody { @for (id, function) in cloud.functions.iter() {
                    @let stats = function.figures();
                    tr {
                        th scope="row" { (id) }
                        td { (stats.invocations) }
                        td { span.bad[stats.errors > 0] { (stats.errors) } }
                        td { span.bad[stats.timeouts > 0] { (stats.timeouts) } }
                        td { (format!("{:.1} MiB", kib_as_mib(stats.peak_memory_kib))) " of " (function.spec.memory_mib) }
                    }
                } }
            } }
            p.quiet { "Asynchronous events kept: " (cloud.events.kept().unwrap_or_default()) }
        }
    }
}

fn queues(cloud: &Cloud) -> Markup {
    html! {
        section aria-labelledby="queues" {
            h2 id="queues" { "Queues" }
            div.wide { table {
                thead { tr {
                    th scope="col" { "Queue" } th scope="col" { "Waiting" } th scope="col" { "In flight" }
                    th scope="col" { "Delayed" } th scope="col" { "Kind" }
                } }
                tbody { @for name in cloud.queues.names() {
                    @if let Ok(depth) = cloud.queues.depth(name) {
                        @let terminal = is_terminal(cloud, name);
                        tr {
                            th scope="row" { (name) }
                            td { span.bad[terminal && depth.visible > 0] { (depth.visible) } }
                            td { (depth.in_flight) }
                            td { (depth.delayed) }
                            td { @if terminal { "failures" } @else { "work" } }
                        }
                    }
                } }
            } }
        }
    }
}

fn dead_letters(cloud: &Cloud) -> Markup {
    let letters = letters(cloud);
    html! {
        section aria-labelledby="letters" {
            h2 id="letters" { "Dead letters" }
            @if letters.is_empty() { p { "None." } }
            @for (queue, message) in &letters {
                article {
                    p { strong { (queue) } " · sent " (format!("{:.0}", message.sent_at)) " · received " (message.receives) " times" }
                    pre tabindex="0" { (message.body) }
                }
            }
        }
    }
}

fn logs(cloud: &Cloud) -> Markup {
    html! {
        section aria-labelledby="logs" {
            h2 id="logs" { "Last log lines" }
            @for (id, function) in cloud.functions.iter() {
                @let logs = function.figures().logs;
                @if !logs.is_empty() {
                    h3 { (id) }
                    pre tabindex="0" { @for line in logs.iter().skip(logs.len().saturating_sub(LINES)) { (line) "\n" } }
                }
            }
        }
    }
}

fn kib_as_mib(kib: u64) -> f64 {
    f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0
}
