//! `troth evidence`: everything that shows what was promised to a customer and what was done, on one page.

use crate::say::say;
use jiff::Timestamp;
use mail::fragment;
use mail::notices::explained;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use policy::{Lang, PolicyHash};
use serde_json::{Value, json};
use store::{Publication, Store, Stored};
use ticket::{Event, Explanation, Recorded, clocks, explain};

use super::history::{Log, what, who};
use super::show::{Page, merged};
use super::{Error, files, find, notices};
use crate::connection::{self, Flags, Stack};
use crate::text;

/// Put together the evidence on a ticket, as a page to print or as JSON
///
/// The version it is held to with its approval, the log, every mail with its SES id and what became of it, why each
/// deadline is when it is, and whether the record is what was written.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The ticket's number, such as EH-7K3Q-9M2X
    number: String,
    /// One JSON object instead of a page
    #[arg(long)]
    json: bool,
    /// The language of the explanations; the policy's first if left out
    #[arg(long)]
    lang: Option<Lang>,
}

/// Prints the evidence.
pub(crate) fn run(args: &Args, flags: &Flags) -> Result<(), Error> {
    let stack = Stack::find(flags)?;
    let now = stack.now()?;
    let evidence = connection::wait(Evidence::read(&stack.store, &args.number, now))??;
    if args.json {
        say(text::json(&evidence.json()));
    } else {
        let lang = evidence.page.stored.policy.language(&args.lang).clone();
        say(evidence.html(&lang));
    }
    Ok(())
}

struct Evidence {
    page: Page,
    log: Log,
    /// Every version that the ticket was held to or compared with, as published.
    versions: Vec<Publication>,
    explanations: Vec<Explanation>,
    now: Timestamp,
}

impl Evidence {
    async fn read(store: &Store, number: &str, now: Timestamp) -> Result<Self, Error> {
        let stored = find(store, number).await?;
        let log = Log::read(store, stored.clone()).await?;
        let page = Page::read(store, stored).await?;
        let named: Vec<PolicyHash> = log.events.iter().filter_map(version_of).collect();
        let mut versions = store.publications().await?;
        versions.retain(|publication| named.contains(&publication.version));
        let Stored { ticket, policy, .. } = &page.stored;
        let explanations = clocks(ticket, policy)
            .iter()
            .map(|clock| explain(ticket, policy, clock, now))
            .collect();
        Ok(Self {
            page,
            log,
            versions,
            explanations,
            now,
        })
    }

    fn json(&self) -> Value {
        let version = |publication: &Publication| {
            json!({
                "version": publication.version,
                "in_force_from": publication.effective,
                "published_at": publication.published,
                "approved_by": publication.approved_by,
            })
        };
        json!({
            "made_at": self.now,
            "ticket": self.page.json(),
            "versions": self.versions.iter().map(version).collect::<Value>(),
            "log": self.log.json(),
            "deadlines": self.explanations,
        })
    }

    fn html(&self, lang: &Lang) -> String {
        let Stored {
            ticket,
            subject,
            policy,
            ..
        } = &self.page.stored;
        let zone = &policy.terms().zone;
        let title = format!("Evidence on {}", self.page.number());
        let time = |at| text::time(at, zone);
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    h1 { (title) }
                    p { (policy.terms().company.name) ". Made " (time(self.now)) ". All times are " (zone.name()) " time." }
                    (facts(&[
                        ("Subject", text::subject(subject)),
                        ("Opened", format!("{} by {}", time(ticket.opened_at), ticket.channel)),
                        ("Status", ticket.status.to_string()),
                        ("Held to", format!("{} version {}", policy.terms().id, policy.hash())),
                        ("Binding text", policy.terms().prevailing.name().to_owned()),
                        ("Record", self.log.verdict()),
                    ]))
                    @for [name, number] in merged(ticket, &policy.terms().prefix) { p { (name) " " (number) } }
                    h2 { "Versions of the policy" }
                    (self.version_table())
                    h2 { "Deadlines" }
                    div lang=(lang) {
                        @for explanation in &self.explanations {
                            section { (fragment(&explained(explanation, lang))) }
                        }
                    }
                    h2 { "Mails" }
                    (self.mails())
                    h2 { "Log" }
                    (self.events())
                }
            }
        };
        format!("{}\n", page.into_string())
    }

    fn version_table(&self) -> Markup {
        let zone = &self.page.stored.policy.terms().zone;
        html! {
            table {
                tr { th { "Version" } th { "In force from" } th { "Published" } th { "Approved by" } }
                @for publication in &self.versions {
                    tr {
                        td { (publication.version) }
                        td { (text::time(publication.effective, zone)) }
                        td { (text::time(publication.published, zone)) }
                        td { (publication.approved_by.as_deref().unwrap_or("not recorded")) }
                    }
                }
            }
        }
    }

    fn mails(&self) -> Markup {
        let zone = &self.page.stored.policy.terms().zone;
        let lines = notices::lines(&self.page.notices, &self.page.named(), zone);
        html! {
            table {
                tr { th { "What" } th { "Queue" } th { "To" } th { "What became of it" } }
                @for line in lines { tr { @for cell in line { td { (cell) } } } }
            }
        }
    }

    fn events(&self) -> Markup {
        let zone = &self.page.stored.policy.terms().zone;
        html! {
            table {
                tr { th { "No." } th { "Reached us" } th { "Recorded" } th { "Who" } th { "What" } }
                @for recorded in &self.log.events {
                    tr {
                        td { (recorded.seq) }
                        td { (text::time(recorded.at, zone)) }
                        td { (text::time(recorded.recorded_at, zone)) }
                        td { (who(&recorded.actor)) }
                        td {
                            (what(&recorded.event, zone))
                            @if let Some(words) = &recorded.words {
                                pre { (words.text) }
                                @for file in &words.attachments { p.digest { "Attached: " (files::as_text(file)) } }
                            }
                            p.digest { (recorded.chain.as_str()) }
                        }
                    }
                }
            }
        }
    }
}

/// The version that an event is about.
fn version_of(recorded: &Recorded) -> Option<PolicyHash> {
    match &recorded.event {
        Event::Opened(opened) => Some(opened.policy.clone()),
        Event::VersionCompared { version, .. } | Event::VersionAnnounced { version, .. } => {
            Some(version.clone())
        }
        _ => None,
    }
}

fn facts(facts: &[(&str, String)]) -> Markup {
    html! { dl { @for (name, value) in facts { dt { (name) } dd { (value) } } } }
}

const STYLE: &str = "\
body{margin:0 auto;max-width:60rem;padding:1rem;font:1rem/1.45 system-ui,sans-serif;color:#1b1f23;overflow-wrap:anywhere}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0}\
table{border-collapse:collapse;width:100%}td,th{border:1px solid #6b7785;padding:.25rem .5rem;text-align:left;vertical-align:top}\
pre{white-space:pre-wrap;font:inherit;border-left:.2rem solid #6b7785;padding-left:.6rem;margin:.3rem 0}\
.digest{color:#4a5560;font:.75rem ui-monospace,monospace;margin:.2rem 0}\
@media print{body{font-size:9.5pt;max-width:none;padding:0}h2{break-after:avoid}tr,section{break-inside:avoid}}@page{margin:1.5cm}";
