//! Whatever is broken in a table is found, mended where nothing is lost by it, and gone at the second look.

mod breaking;
mod giving_back;
mod rows;
mod several;

use store::{Finding, Problem, Report, Store};
use ticket::TicketId;

use crate::desk::{Desk, MONDAY, at, instant};

/// A desk with a ticket whose mails were sent, one of them delivered.
async fn desk() -> (Desk, TicketId) {
    let desk = Desk::new().await;
    let opened = desk.open("a").await;
    let id = opened.ticket.id;
    for (place, notice) in opened.notices.iter().enumerate() {
        let ses = format!("ses-{place}");
        let sent = desk.store.sent(id, &notice.notice, &ses, instant(MONDAY));
        sent.await.unwrap();
    }
    let first = &opened.notices[0].notice;
    let report = desk
        .store
        .report(id, first, Report::Delivered, "", at(MONDAY));
    report.await.unwrap();
    (desk, id)
}

/// Everything that is wrong, the records included, as a process sees it that has read nothing before.
async fn findings(desk: &Desk, now: &str) -> Vec<Finding> {
    let store = Store::new(desk.client.clone(), desk.table.as_str());
    let now = instant(now);
    let survey = store.survey(now, &mut |_| {}).await.unwrap();
    let mut found = store.examine_records(&survey, now).await.unwrap().findings;
    for id in &survey.tickets {
        let examined = store.examine(*id, &survey, now).await.unwrap();
        found.extend(examined.findings);
    }
    found
}

fn problems(found: &[Finding]) -> Vec<Problem> {
    found.iter().map(|it| it.problem).collect()
}
