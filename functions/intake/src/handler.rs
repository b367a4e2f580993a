//! Routes: each request to the one that answers it, each failure to a page or a problem.

use runtime::http::{Answer, Problem, Request};
use runtime::outbox::{self, Queues};
use runtime::{Clients, Config, Files, Invocation, Secrets};
use store::{Instants, NoticeRef, Store};

use crate::fields::Fields;
use crate::pages::{FormPage, Notice, bare, notice};
use crate::submission::limits;
use crate::visit::{Visit, texts_without_policy};
use crate::{customer, file, have_it, open, published};

/// What the function needs of the world.
#[derive(Debug)]
pub struct App {
    pub(crate) store: Store,
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub(crate) queues: Queues,
    pub(crate) secrets: Secrets,
    pub(crate) files: Files,
}

impl App {
    /// Builds the clients; asks nothing yet.
    pub fn new(config: &Config, clients: &Clients) -> Self {
        Self {
            store: Store::new(clients.dynamodb(), config.table.as_str()),
            sqs: clients.sqs(),
            queues: Queues::of(config),
            secrets: Secrets::new(clients.secrets_manager(), config),
            files: Files::new(&clients.s3(), config.mail_bucket.as_str()),
        }
    }
}

/// One request under the policy in force, and what answering it may need.
pub(crate) struct Call<'a> {
    pub(crate) app: &'a App,
    pub(crate) visit: Visit,
    pub(crate) request: &'a Request,
    pub(crate) instants: Instants,
}

impl Call<'_> {
    /// A fresh nonce: derived from the request's id, so that nothing needs a source of randomness, and keyed, so that
    /// nobody can guess another visitor's.
    pub(crate) async fn nonce(&self) -> Result<String, Problem> {
        let secrets = self.app.secrets.get().await?;
        Ok(secrets
            .keyring
            .sign("nonce", &[&self.request.id])
            .to_string())
    }

    /// Puts a commit's notices on their queues; what is left there is the tick's.
    pub(crate) async fn enqueue(&self, notices: &[NoticeRef]) {
        outbox::enqueue(&self.app.sqs, &self.app.queues, notices).await;
    }
}

/// Answers a request; there is no way for it to fail.
pub async fn answer(app: &App, request: &Request, invocation: &Invocation) -> Answer {
    let instants = Instants::new(request.at, invocation.now);
    match respond(app, request, instants).await {
        Ok(answer) => answer,
        Err(problem) if wants_json(request) => problem.answer(),
        Err(problem) => {
            let kind = match problem.status {
                503 => Notice::Busy,
                429 => Notice::TooMany,
                status @ 400..=499 => Notice::Unreadable(status),
                _ => Notice::Broken,
            };
            problem.pause(bare(texts_without_policy(request), kind))
        }
    }
}

async fn respond(app: &App, request: &Request, instants: Instants) -> Result<Answer, Problem> {
    if request.body.len() > limits::BODY_BYTES {
        let (kilobytes, characters) = (limits::BODY_BYTES / 1024, limits::MESSAGE);
        let detail =
            format!("Send at most {kilobytes} KB; a message has at most {characters} characters.");
        return Err(Problem::new(413, "The request is too large.", detail));
    }
    let Some(policy) = app.store.current_policy(instants.now).await? else {
        tracing::error!("no policy is published; run `troth policy publish DIR`");
        return Ok(not_open(request));
    };
    let times = app.store.busy_known(instants.now).await?;
    let visit = Visit::new(policy, request, None).during(&times, instants.at);
    let call = Call {
        app,
        visit,
        request,
        instants,
    };
    match request.route.as_str() {
        "GET /" => form(&call).await,
        "GET /policy" => published::page(&call).await,
        "POST /tickets" => open::post(&call).await,
        // Boxed: they hold tickets, and the room for them would be in every request's future.
        "GET /tickets/{number}" => Box::pin(customer::page(&call)).await,
        "POST /tickets/{number}/messages" => Box::pin(customer::message(&call)).await,
        "GET /tickets/{number}/files/{file}" => file::open(&call).await,
        "GET /tickets/{number}/have-it" => have_it::page(&call).await,
        "POST /tickets/{number}/have-it" => have_it::confirm(&call).await,
        _ => Ok(notice(&call.visit, Notice::NotFound)),
    }
}

/// The empty form, with the choice that the link names.
async fn form(call: &Call<'_>) -> Result<Answer, Problem> {
    let chosen = call
        .request
        .query
        .iter()
        .filter(|(name, _)| matches!(name.as_str(), "department" | "type"));
    let filled = Fields::of_form(chosen.cloned().collect());
    let nonce = call.nonce().await?;
    let page = FormPage {
        visit: &call.visit,
        filled: &filled,
        faults: &[],
        sent_before: false,
        nonce: &nonce,
        now: call.instants.at,
    };
    Ok(page.answer())
}

/// Without a policy there is nothing to promise: one sentence for the visitor, one for the operator.
fn not_open(request: &Request) -> Answer {
    let texts = texts_without_policy(request);
    let problem = Problem::new(
        503,
        "This desk is not open yet.",
        texts.closed_desk_operator,
    );
    let answer = if wants_json(request) {
        problem.answer()
    } else {
        bare(texts, Notice::NotOpen)
    };
    answer.retry_after(60)
}

/// Whether a program asks: it sends JSON, or accepts it and not pages.
fn wants_json(request: &Request) -> bool {
    let accepts = request.header("accept").unwrap_or_default();
    request.content_type() == "application/json"
        || (accepts.contains("json") && !accepts.contains("text/html"))
}
