use super::*;
use crate::notices::{MOST_ENCLOSED, to_enclose};
use ticket::{AttachmentNote, FileKey, Withheld};

fn file(name: &str, bytes: u64) -> AttachmentNote {
    AttachmentNote {
        name: name.to_owned(),
        bytes,
        key: Some(FileKey::from_stored("0123456789").unwrap()),
        kind: Some("application/pdf".to_owned()),
        ..AttachmentNote::default()
    }
}

/// A ticket whose request and answer came with these files.
fn desk(files: &[AttachmentNote]) -> Desk {
    let mut desk = Desk::new();
    let agent = Actor::Agent("ann".parse().unwrap());
    desk.record(2, agent, Event::AgentReplied, "Here it is.");
    for event in &mut desk.events {
        event.words.as_mut().unwrap().attachments = files.to_vec();
    }
    desk
}

#[test]
fn an_answers_files_go_along_together_or_not_at_all() {
    let names = |files: &[AttachmentNote], text: &Text| {
        let desk = desk(files);
        to_enclose(text, &desk.events).len()
    };
    let half = MOST_ENCLOSED / 2;
    assert_eq!(names(&[file("a", half), file("b", half)], &reply()), 2);
    assert_eq!(names(&[file("a", half), file("b", half + 1)], &reply()), 0);
    let lost = AttachmentNote {
        key: None,
        ..file("a", 1)
    };
    assert_eq!(names(&[file("a", 1), lost], &reply()), 0);
    assert_eq!(names(&[file("a", 1)], &Text::Opened { seq: 2 }), 0);
    let note = Event::NoteAdded {
        instead_of_reply: None,
    };
    let mut desk = desk(&[file("a", 1)]);
    desk.events[1].event = note;
    assert!(to_enclose(&reply(), &desk.events).is_empty());
}

#[test]
fn what_does_not_go_along_stands_on_the_customers_page_in_every_language() {
    for (lang, said) in [
        ("en", "download this file on the page"),
        ("de", "Diese Datei können Sie"),
        ("vi", "có thể tải tệp này"),
    ] {
        let mut desk = desk(&[file("large.pdf", 20 * 1024 * 1024)]);
        desk.ticket.lang = Lang::new(lang).unwrap();
        let letter = desk.to_customer(reply()).unwrap();
        let text = letter.text.replace('\n', " ");
        assert!(text.contains(said), "{}", letter.text);
        assert!(letter.text.contains("large.pdf (application/pdf, 20"));
        assert!(!letter.text.contains("/files/"), "{}", letter.text);
        assert!(letter.html.contains("?key=1abc"));
    }
}

#[test]
fn a_letter_with_its_files_says_nothing_of_the_page_for_them() {
    let mut desk = desk(&[file("small.pdf", 1)]);
    let letter = desk.to_customer(reply()).unwrap();
    assert!(letter.text.contains("small.pdf"));
    desk.enclosed = true;
    let letter = desk.to_customer(reply()).unwrap();
    assert!(!letter.text.contains("small.pdf"), "{}", letter.text);
}

#[test]
fn staff_get_a_link_of_their_own_for_each_file_and_the_reason_where_there_is_none() {
    let virus = AttachmentNote {
        key: None,
        withheld: Some(Withheld::Virus),
        ..file("evil.pdf", 1)
    };
    let desk = desk(&[file("scan.pdf", 2048), virus]);
    let opened = Text::Opened { seq: 1 };
    let letter = desk.to_staff("ann", opened.clone()).unwrap();
    let number = desk.ticket.id.number("TT");
    let path = format!("{SITE}/tickets/{number}/files/1-1?who=ann&until=");
    assert!(letter.text.contains(&path), "{}", letter.text);
    assert!(letter.html.contains("scan.pdf (application/pdf, 2 KB)"));
    assert!(letter.html.contains("found a virus"));
    assert!(!letter.text.contains("/files/1-2"));
    let other = desk.to_staff("dora", opened).unwrap();
    let key = |text: &str| text.split("&key=").nth(1).map(|key| key[..27].to_owned());
    assert_ne!(key(&letter.text), key(&other.text));
}
