//! The files of a message: names, types and sizes, each a link unless nobody may have it.

use maud::{Markup, html};
use ticket::{AttachmentNote, size_text};

use crate::visit::Visit;

/// A file of a message.
pub(crate) struct FileLine<'a> {
    note: &'a AttachmentNote,
    /// Where it is opened.
    url: Option<String>,
}

impl<'a> FileLine<'a> {
    /// The files of a message; `url` gives the path by which the one at a place, counted from 1, is opened.
    pub(crate) fn of(notes: &'a [AttachmentNote], url: impl Fn(usize) -> String) -> Vec<Self> {
        let places = notes.iter().zip(1..);
        places
            .map(|(note, place)| Self {
                note,
                url: note.key.as_ref().map(|_| url(place)),
            })
            .collect()
    }
}

/// The list; nothing where nothing came along.
pub(super) fn list(visit: &Visit, files: &[FileLine<'_>]) -> Markup {
    html! {
        @if !files.is_empty() {
            p.hint { (visit.texts.attachments) ":" }
            ul.files { @for file in files { li { (line(visit, file)) } } }
        }
    }
}

/// A name is somebody's word: isolated, so that its direction changes nothing of what stands beside it.
fn line(visit: &Visit, file: &FileLine<'_>) -> Markup {
    let note = file.note;
    let size = size_text(note.bytes, &visit.lang);
    let facts: Vec<&str> = note
        .kind
        .as_deref()
        .into_iter()
        .chain([size.as_str()])
        .collect();
    html! {
        @match &file.url {
            Some(url) => { a href=(url) { bdi { (note.name) } } }
            None => { bdi { (note.name) } }
        }
        " " span.hint {
            "(" (facts.join(", ")) ")"
            @if file.url.is_none() { ": " ((visit.texts.not_here)(note.withheld)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::visit;
    use ticket::{FileKey, Withheld};

    #[test]
    fn a_name_is_text_whatever_it_holds_and_what_nobody_gets_is_no_link() {
        let hostile = AttachmentNote {
            name: "\"><script>alert(1)</script>.png".to_owned(),
            bytes: 2048,
            key: FileKey::from_stored("0123456789"),
            kind: Some("image/png".to_owned()),
            ..AttachmentNote::default()
        };
        let virus = AttachmentNote {
            name: "evil.pdf".to_owned(),
            withheld: Some(Withheld::Virus),
            ..AttachmentNote::default()
        };
        let notes = [hostile, virus];
        let lines = FileLine::of(&notes, |place| format!("/files/1-{place}?key=1abc"));
        let page = list(&visit("en"), &lines).into_string();
        assert!(!page.contains("<script"), "{page}");
        assert!(
            page.contains("<a href=\"/files/1-1?key=1abc\"><bdi>"),
            "{page}"
        );
        assert!(page.contains("(image/png, 2 KB)"), "{page}");
        assert!(page.contains("<bdi>evil.pdf</bdi>"), "{page}");
        assert!(
            page.contains("held back: a scanner found a virus"),
            "{page}"
        );
        assert_eq!(page.matches("<a ").count(), 1);
        assert_eq!(list(&visit("en"), &[]).into_string(), "");
    }
}
