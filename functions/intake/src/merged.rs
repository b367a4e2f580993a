//! Merged tickets, as far as the visitor takes part in them: where theirs goes on, and which go on with theirs.

use runtime::http::Problem;
use runtime::links;
use store::Stored;

use crate::guest::Guest;
use crate::handler::Call;

/// A ticket's number, and its page with the visitor's own key.
pub(crate) type Link = (String, String);

/// The ticket that the visitor's goes on with; none if it does not, or if they do not take part there.
pub(crate) async fn into(call: &Call<'_>, guest: &Guest) -> Result<Option<Link>, Problem> {
    let ticket = &guest.stored.ticket;
    if ticket.merged_into.is_none() {
        return Ok(None);
    }
    let end = call.app.store.followed(ticket.id).await?;
    match end.filter(|end| end.ticket.id != ticket.id) {
        Some(end) => link(call, guest, &end).await,
        None => Ok(None),
    }
}

/// The tickets that go on with the visitor's. Another customer's are not named, not even by their numbers.
pub(crate) async fn from(call: &Call<'_>, guest: &Guest) -> Result<Vec<Link>, Problem> {
    let mut links = Vec::new();
    for id in &guest.stored.ticket.merged_from {
        if let Some(merged) = call.app.store.load(*id).await? {
            links.extend(link(call, guest, &merged).await?);
        }
    }
    Ok(links)
}

async fn link(call: &Call<'_>, guest: &Guest, stored: &Stored) -> Result<Option<Link>, Problem> {
    let (ticket, who) = (&stored.ticket, &guest.participant.hash);
    if !ticket.is_participant(who) {
        return Ok(None);
    }
    let known = call.app.store.participant(ticket.id, who).await?;
    let Some(known) = known else {
        return Ok(None);
    };
    let secrets = call.app.secrets.get().await?;
    let prefix = &stored.policy.terms().prefix;
    // Whoever was mailed one link of theirs has shown what another would show.
    let page = links::page(
        &secrets.keyring,
        prefix,
        ticket.id,
        who,
        known.generation,
        guest.way,
    );
    Ok(Some((ticket.id.number(prefix), page)))
}
