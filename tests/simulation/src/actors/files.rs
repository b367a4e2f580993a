//! People who open files: from a page, from a mail to staff, or by a link that they only guessed.

use std::sync::Arc;

use serde_json::json;
use ticket::TicketId;

use super::Followed;
use super::pages::request;
use crate::desk::{Desk, SITE};
use crate::story::Input;

impl Desk {
    /// An agent opens the file that the newest mail to them about the ticket links to.
    pub(super) async fn follows(self: &Arc<Self>, input: &Input, agent: &str) {
        let link = {
            let state = self.world.lock();
            let ticket = self.ticket_of(&state, input.ticket);
            let mut own = state.cloud.mail.accepted.iter().rev().filter(|mail| {
                Some(&mail.ticket) == ticket.as_ref() && mail.to.iter().any(|to| to == agent)
            });
            own.find_map(|mail| file_in(mail.text()))
        };
        if let Some((path, query)) = link {
            self.follow(input, None, &path, &query, false).await;
        }
    }

    /// The path of the first file that came with any message of a ticket, notes too.
    pub(super) fn first_file(&self, number: &str) -> Option<String> {
        let own = format!("T#{}", TicketId::with_any_prefix(number)?);
        let state = self.world.lock();
        let with_file = state.cloud.table.items().find_map(|((pk, sk), item)| {
            let seq: u32 = sk.strip_prefix("e#")?.parse().ok()?;
            let words = item.get("words")?["S"].as_str()?;
            (*pk == own && words.contains(".txt\"")).then_some(seq)
        });
        with_file.map(|seq| format!("{number}/files/{seq}-1"))
    }

    /// Follows a link to a file, `NUMBER/files/PLACE` with its query; or one that was only guessed.
    pub(super) async fn follow(
        self: &Arc<Self>,
        input: &Input,
        reader: Option<&str>,
        path: &str,
        query: &str,
        guessed: bool,
    ) {
        let Some((number, place)) = path.split_once("/files/") else {
            return;
        };
        let mut event = request("GET /tickets/{number}/files/{file}", "", "");
        event["rawQueryString"] = json!(query);
        event["pathParameters"] = json!({ "number": number, "file": place });
        let id = format!("request-{}-file-{path}-{guessed}", input.number);
        event["requestContext"]["requestId"] = json!(id);
        event["requestContext"]["timeEpoch"] = json!(self.world.clock.now().as_millisecond());
        let Some(answer) = self.http(event, false).await else {
            return;
        };
        if answer.status_code >= 500 {
            return;
        }
        let location = answer.headers.get("location").map(String::as_str);
        let followed = Followed {
            number: number.to_owned(),
            reader: reader.map(str::to_owned),
            place: place.to_owned(),
            guessed,
            object: location.and_then(object_of),
        };
        self.way().followed.push(followed);
    }
}

/// The path and the query of the first link to a file, as mails to staff have it.
fn file_in(text: &str) -> Option<(String, String)> {
    let start = format!("{SITE}/tickets/");
    text.split_whitespace().find_map(|word| {
        let rest = word[word.find(&start)?..].strip_prefix(&start)?;
        let (path, query) = rest.split_once('?')?;
        let query = query.trim_end_matches(['.', ')', '>', ']']);
        path.contains("/files/")
            .then(|| (path.to_owned(), query.to_owned()))
    })
}

/// The object that a link into the bucket opens.
fn object_of(location: &str) -> Option<String> {
    let (path, _) = location.split_once('?')?;
    let (_, key) = path.split_once("/files/")?;
    Some(format!("files/{key}"))
}
