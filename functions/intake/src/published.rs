//! `GET /policy`: the version in force, or with `?version=` any that was ever published.

use policy::PolicyHash;
use runtime::http::{Answer, Problem};
use store::{Publication, in_force};

use crate::handler::Call;
use crate::pages::{Notice, PolicyPage, notice};

/// Shows a version with the list of all. What was published stays readable for ever, and what is scheduled can be read
/// before it is in force.
pub(crate) async fn page(call: &Call<'_>) -> Result<Answer, Problem> {
    let store = &call.app.store;
    let publications = store.publications().await?;
    let current = in_force(&publications, call.instants.now);
    let shown = match call.request.query("version") {
        None => current,
        Some(version) => named(&publications, version, current),
    };
    let Some(shown) = shown else {
        return Ok(notice(&call.visit, Notice::NotFound));
    };
    let policy = store.policy(&shown.version).await?;
    let page = PolicyPage {
        visit: &call.visit,
        policy: &*store.with_pages(policy).await?,
        shown,
        publications: &publications,
        now: call.instants.now,
    };
    Ok(page.answer())
}

/// The publication of a version: the one in force if it is that, else the last.
fn named<'p>(
    publications: &'p [Publication],
    version: &str,
    current: Option<&'p Publication>,
) -> Option<&'p Publication> {
    let version: PolicyHash = version.parse().ok()?;
    current
        .into_iter()
        .chain(publications.iter().rev())
        .find(|publication| publication.version == version)
}
