//! The language of the scenario files: the player's steps, what else programs and the world do, and what is expected.

use play::{Advance, File, Form, Moment, Page, Reply, Troth, Written, yes};

use super::steps::{
    ExpectHistory, ExpectHttp, ExpectMail, ExpectNoMoreMail, ExpectTicket, ExpectTickets, Get,
    Json, Post, Receiving, Ses,
};

play::language! {
    Action,
    Script {
        /// What happens, for whoever reads.
        shows: String,
        /// The clauses that it shows, by their ids.
        clauses: Vec<String>,
        /// The folder under `infra/policies` of the policy that the desk runs.
        #[serde(default = "web_host_au")]
        policy: String,
        /// When it begins.
        at: Moment,
        /// Whether the desk has a policy.
        #[serde(default = "yes")]
        published: bool,
    }
    form: Form,
    json: Json,
    post: Post,
    get: Get,
    page: Page,
    file: File,
    mail: Written,
    reply: Reply,
    advance: Advance,
    ses: Ses,
    receiving: Receiving,
    troth: Troth,
    expect_mail: ExpectMail,
    expect_no_more_mail: ExpectNoMoreMail,
    expect_http: ExpectHttp,
    expect_ticket: ExpectTicket,
    expect_tickets: ExpectTickets,
    expect_history: ExpectHistory,
}

fn web_host_au() -> String {
    "web-host-au".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "shows = \"x\"\nclauses = []\nat = \"Mon 2026-11-23 09:00 Australia/Sydney\"\n";

    #[test]
    fn steps_keep_the_order_of_the_file_and_know_their_lines() {
        let text = format!(
            "{HEAD}\n[[advance]]\nby = \"PT1H\"\n\n[[form]]\nemail = \"a@b.example\"\n\n[[advance]]\nby = \"PT2H\"\n"
        );
        let (script, steps) = Script::read(&text).unwrap();
        let steps: Vec<_> = steps.iter().map(|s| (s.line, s.action.name())).collect();
        assert_eq!(steps, [(5, "advance"), (8, "form"), (11, "advance")]);
        assert_eq!(script.at.0.to_string(), "2026-11-22T22:00:00Z");
    }

    #[test]
    fn an_unknown_key_or_step_is_refused_with_its_line() {
        for (step, said) in [
            (
                "[[form]]\nemial = \"a@b.example\"\n",
                "unknown field `emial`",
            ),
            (
                "[[expect_mails]]\nto = \"a@b.example\"\n",
                "unknown field `expect_mails`",
            ),
            (
                "[[advance]]\nto = \"Tue 2026-11-23 09:00 Australia/Sydney\"\n",
                "is no instant",
            ),
        ] {
            let error = Script::read(&format!("{HEAD}{step}")).unwrap_err();
            assert!(
                error.contains(said) && error.contains("at line "),
                "{error}"
            );
        }
    }
}
