//! Which files of a mail become objects of their own, and under which keys.

use std::fmt::Write as _;

use ticket::{AttachmentNote, FileKey, Pepper, Withheld};

use crate::inbound::{Attachment, InboundMail};

/// Files of one mail that get objects. Writing one takes up to 0.1 s, and whoever files a mail has a minute.
pub const MOST_FILES: usize = 100;

/// Bytes of one mail's files that get objects. A mail has at most 40 MB; a winmail.dat counts beside what is in it.
pub const MOST_FILE_BYTES: u64 = 64 * 1024 * 1024;

impl InboundMail {
    /// What is recorded of the mail's files, in their order. Pictures in the text are files too: pages show text only, and
    /// a screenshot that a customer pasted must not be out of reach.
    ///
    /// `origin` is what the mail is, however often and wherever it comes in: the same origin and bytes give the same keys.
    pub fn notes(&self, pepper: &Pepper, origin: &str) -> Vec<AttachmentNote> {
        let mut room = MOST_FILE_BYTES;
        let files = self.attachments.iter().enumerate();
        let notes = files.map(|(place, file)| {
            let sha256 = hex(&file.digest);
            // Files are not searched for secrets, but a text that came damaged is.
            let secret = file.damaged && !self.unseen.is_empty();
            let fits = place < MOST_FILES && file.size <= room;
            let key = (fits && !secret).then(|| {
                room -= file.size;
                FileKey::of(pepper, origin, place, &sha256)
            });
            AttachmentNote {
                withheld: match &key {
                    Some(_) => None,
                    None if secret => Some(Withheld::Secret),
                    None => Some(Withheld::TooMany),
                },
                key,
                kind: file.sniffed.map(str::to_owned),
                sha256: Some(sha256),
                ..listed(file)
            }
        });
        notes.collect()
    }

    /// What is recorded of the files of a mail with a virus: that they came, and that nobody gets them.
    pub fn notes_of_infected(&self) -> Vec<AttachmentNote> {
        let note = |file| AttachmentNote {
            withheld: Some(Withheld::Virus),
            ..listed(file)
        };
        self.attachments.iter().map(note).collect()
    }
}

fn listed(file: &Attachment) -> AttachmentNote {
    AttachmentNote {
        name: file.filename.clone(),
        bytes: file.size,
        ..AttachmentNote::default()
    }
}

/// Bytes in lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256 as notes carry it.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex(&sha2::Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(files: &[(&str, &str)]) -> InboundMail {
        let mut raw = "From: jo@customer.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n".to_owned();
        for (name, content) in files {
            let _ = write!(
                raw,
                "--b\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{content}\r\n"
            );
        }
        crate::parse(format!("{raw}--b--\r\n").as_bytes(), None).unwrap()
    }

    #[test]
    fn the_same_mail_has_the_same_keys_and_another_content_or_place_has_others() {
        let pepper = Pepper::new("pepper");
        let keys = |files: &[(&str, &str)], origin: &str| -> Vec<FileKey> {
            let notes = mail(files).notes(&pepper, origin);
            notes.into_iter().map(|note| note.key.unwrap()).collect()
        };
        let ours = keys(&[("a.txt", "one"), ("b.txt", "one")], "ses-1");
        assert_eq!(ours, keys(&[("x.txt", "one"), ("y.txt", "one")], "ses-1"));
        assert_ne!(ours[0], ours[1]);
        assert_ne!(ours, keys(&[("a.txt", "one"), ("b.txt", "one")], "ses-2"));
        assert_ne!(ours[0], keys(&[("a.txt", "two")], "ses-1")[0]);
        let other = mail(&[("a.txt", "one")]).notes(&Pepper::new("other"), "ses-1");
        assert_ne!(Some(&ours[0]), other[0].key.as_ref());
    }

    #[test]
    fn what_is_recorded_has_size_digest_and_the_type_that_the_bytes_show() {
        let notes = mail(&[("a.exe", "%PDF-1.4 x")]).notes(&Pepper::new("pepper"), "ses-1");
        let note = &notes[0];
        assert_eq!((note.name.as_str(), note.bytes), ("a.exe", 10));
        assert_eq!(note.kind.as_deref(), Some("application/pdf"));
        assert_eq!(note.sha256.as_deref(), Some(sha256(b"%PDF-1.4 x").as_str()));
        assert_eq!(note.withheld, None);
        assert_eq!(
            sha256(b""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn files_beyond_the_limit_are_listed_and_have_no_object() {
        let many = vec![("a.txt", "one"); MOST_FILES + 1];
        let notes = mail(&many).notes(&Pepper::new("pepper"), "ses-1");
        assert_eq!(notes.len(), MOST_FILES + 1);
        let with = notes.iter().filter(|note| note.key.is_some());
        assert_eq!(with.count(), MOST_FILES);
        assert_eq!(notes[MOST_FILES].withheld, Some(Withheld::TooMany));
    }

    #[test]
    fn a_damaged_text_of_a_mail_that_held_secrets_gets_no_object() {
        let pepper = Pepper::new("pepper");
        let mut mail = mail(&[("a.txt", "one"), ("b.txt", "two")]);
        mail.attachments[0].damaged = true;
        assert!(mail.notes(&pepper, "ses-1")[0].key.is_some());
        mail.unseen = ticket::mask("password: hunter2").1;
        let notes = mail.notes(&pepper, "ses-1");
        assert_eq!(
            (&notes[0].key, notes[0].withheld),
            (&None, Some(Withheld::Secret))
        );
        assert!(notes[1].key.is_some());
    }

    #[test]
    fn of_a_mail_with_a_virus_nothing_gets_an_object() {
        let notes = mail(&[("a.txt", "one")]).notes_of_infected();
        assert_eq!((notes.len(), notes[0].key.as_ref()), (1, None));
        assert_eq!(notes[0].withheld, Some(Withheld::Virus));
    }
}
