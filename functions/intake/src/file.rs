//! `GET /tickets/{number}/files/{file}`: opens one file of a message, for whoever may read that message.
//!
//! The answer is a link into the bucket that lives for five minutes: another origin than ours, and nothing that could be
//! kept and used later. Whether the visitor may read the message is asked anew each time.

use policy::PersonId;
use runtime::http::{Answer, Problem};
use ticket::{AttachmentNote, TicketId};

use crate::customer::messages;
use crate::guest::Guest;
use crate::handler::Call;
use crate::pages::{Notice, notice};

/// The path of a file below its ticket's: the message's number in the log, and the file's place in it from 1.
pub(crate) fn path(seq: u32, place: usize) -> String {
    format!("/files/{}", mail::file_place(seq, place))
}

/// Which file a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    seq: u32,
    place: usize,
}

impl Place {
    fn read(text: &str) -> Option<Self> {
        let (seq, place) = text.split_once('-')?;
        let read = Self {
            seq: seq.parse().ok()?,
            place: place.parse().ok()?,
        };
        // One spelling: `+1-01` is not ours.
        (mail::file_place(read.seq, read.place) == text).then_some(read)
    }

    fn of<'n>(&self, notes: &'n [AttachmentNote]) -> Option<&'n AttachmentNote> {
        notes.get(self.place.checked_sub(1)?)
    }
}

/// Sends the visitor on to the file. Every way of failing gives the same page: not their ticket, not their message, no
/// such file, or one that nobody gets.
pub(crate) async fn open(call: &Call<'_>) -> Result<Answer, Problem> {
    let place = call.request.path.get("file");
    let place = place.and_then(|text| Place::read(text));
    let found = match (place, call.request.query("who")) {
        (Some(place), None) => customers(call, place).await?,
        (Some(place), Some(who)) => colleagues(call, who, place).await?,
        (None, _) => None,
    };
    let Some((ticket, note)) = found else {
        return Ok(notice(&call.visit, Notice::NotFound));
    };
    let Some(key) = &note.key else {
        return Ok(notice(&call.visit, Notice::NotFound));
    };
    let link = call.app.files.link(key, &note.name).await?;
    tracing::info!(ticket.id = %ticket, "a file was opened");
    Ok(Answer::see_other(&link))
}

/// With a customer's link: a file of a message that its page shows.
async fn customers(
    call: &Call<'_>,
    place: Place,
) -> Result<Option<(TicketId, AttachmentNote)>, Problem> {
    let Some(guest) = Guest::admit(call).await? else {
        return Ok(None);
    };
    let id = guest.stored.ticket.id;
    let history = call.app.store.history(id).await?;
    let shown = messages(&history, &guest);
    let message = shown.into_iter().find(|message| message.seq == place.seq);
    let words = message.and_then(|message| message.words);
    let note = words.and_then(|words| place.of(&words.attachments));
    Ok(note.cloned().map(|note| (id, note)))
}

/// With the link in a mail to staff: a file of any message of that ticket, until the link ends or its owner has left the
/// policy in force.
async fn colleagues(
    call: &Call<'_>,
    who: &str,
    place: Place,
) -> Result<Option<(TicketId, AttachmentNote)>, Problem> {
    let request = call.request;
    let (key, until) = (request.query("key"), request.query("until"));
    let (key, until) = (key.unwrap_or_default(), until.unwrap_or_default());
    let id = request
        .path
        .get("number")
        .and_then(|number| TicketId::with_any_prefix(number));
    let (Some(id), Ok(who)) = (id, PersonId::new(who)) else {
        return Ok(None);
    };
    let now = call.instants.now;
    let secrets = call.app.secrets.for_tags([key], now).await?;
    let opens = mail::opens_files(&secrets.keyring, id, &who, until, key, now);
    if !opens || call.visit.policy.person(&who).is_none() {
        return Ok(None);
    }
    let recorded = call.app.store.event(id, place.seq).await?;
    let words = recorded.and_then(|recorded| recorded.words);
    let note = words.and_then(|words| place.of(&words.attachments).cloned());
    Ok(note.map(|note| (id, note)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_message_and_a_place_in_one_spelling() {
        assert_eq!(path(12, 3), "/files/12-3");
        assert_eq!(Place::read("12-3"), Some(Place { seq: 12, place: 3 }));
        for text in [
            "",
            "1",
            "1-",
            "-1",
            "+1-1",
            "1-01",
            "1-1-1",
            "4294967296-1",
            "../x",
            "1-1 ",
        ] {
            assert_eq!(Place::read(text), None, "{text}");
        }
        let notes = [AttachmentNote::default()];
        assert!(Place { seq: 1, place: 1 }.of(&notes).is_some());
        assert!(Place { seq: 1, place: 0 }.of(&notes).is_none());
        assert!(Place { seq: 1, place: 2 }.of(&notes).is_none());
    }
}
