//! Files of a ticket that goes on with another customer's: staff of both open them, and no other customer does.

use super::{CUSTOMER, desk, download, links, mail, opened, page};

#[test]
fn files_of_a_merged_ticket_open_for_staff_and_from_its_own_page_alone() {
    let desk = desk();
    let to = "technical@support.example.com";
    let file = [("theirs.txt".to_owned(), "content")];
    mail(&desk, CUSTOMER, to, "Please see.", &file);
    mail(&desk, "other@example.net", to, "Me too.", &[]);
    let (own, other) = (page(&desk, CUSTOMER), page(&desk, "other@example.net"));
    let number = |page: &str| page.split(['/', '?']).nth(2).unwrap().to_owned();
    let (from, into) = (number(&own), number(&other));
    let merge = format!("/merge {into} confirm");
    let (status, said) = desk.troth(&["ticket", "order", &from, &merge]);
    assert_eq!(status, Some(0), "{said}");
    desk.advance("PT6M");

    // The customer's own page still has it; neither has the page of the ticket that goes on.
    let link = links(&desk, &own).remove(0);
    assert!(opened(&desk, &link).is_some());
    let onward = page(&desk, CUSTOMER);
    assert_eq!(number(&onward), into);
    for page in [&other, &onward] {
        assert_eq!(links(&desk, page).len(), 0);
    }

    // Staff of the ticket that goes on open it from the mail that tells them.
    let mails = desk.mails();
    let mut told = mails.iter().filter(|mail| mail.subject.contains("Merged"));
    let told = told
        .find(|mail| mail.is_to("tech-1@staff.example.com"))
        .unwrap();
    let staffs = told
        .text()
        .lines()
        .find(|line| line.contains("/files/"))
        .unwrap();
    let staffs = &staffs[staffs.find("/tickets/").unwrap()..];
    assert!(staffs.contains(&into), "{staffs}");
    let url = opened(&desk, staffs).unwrap();
    assert_eq!(download(&url).body, "content");
    let wrong = staffs.replace("who=tech-1", "who=tech-2");
    assert_eq!(opened(&desk, &wrong), None);

    // The entry that brings it opens with no customer's key, nor does the old one with the other's.
    let place = staffs.split("/files/").nth(1).unwrap();
    let place = place.split('?').next().unwrap();
    for page in [&other, &onward] {
        let key = page.split_once("?key=").unwrap().1;
        for wrong in [
            format!("/tickets/{into}/files/{place}?key={key}"),
            format!("/tickets/{into}/files/1-1?key={key}"),
            format!("/tickets/{from}/files/1-1?key={key}"),
        ] {
            assert_eq!(opened(&desk, &wrong), None, "{wrong}");
        }
    }

    // One object, listed twice, and nothing is wrong with that.
    for number in [&from, &into] {
        let log = desk.troth_json(&["ticket", "history", number]);
        assert!(log.to_string().contains("theirs.txt"), "{number}");
        assert!(desk.troth(&["evidence", number]).1.contains("theirs.txt"));
    }
    assert_eq!(desk.findings(), [""; 0]);
}
