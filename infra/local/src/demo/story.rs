//! The stories: one file a policy, in the player's steps.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use play::{Advance, Form, Moment, Page, Reply, Step, Troth, Written};
use serde::Deserialize;

use crate::flags::Flags;
use crate::stop::{Doing, Stop};

play::language! {
    Action,
    File {
        /// What kind of company it is, in a few words.
        title: String,
        /// What the week shows.
        shows: String,
        /// The folder of the policy, beside the template in `policies/`.
        policy: String,
        /// Where the desk is; the page tells its times.
        zone: String,
        /// The language of most of the people in it.
        lang: String,
        /// When it begins.
        at: Moment,
    }
    chapter: Chapter,
    form: Form,
    page: Page,
    mail: Written,
    reply: Reply,
    advance: Advance,
    troth: Troth,
}

/// What comes now, and which clauses of the policy it shows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chapter {
    pub(super) title: String,
    pub(super) clauses: Vec<String>,
}

/// A story that is ready to be played.
#[derive(Debug)]
pub(super) struct Story {
    /// The name of its file; the desk's address on the page.
    pub(super) id: String,
    pub(super) path: PathBuf,
    /// The policy's directory.
    pub(super) policy: PathBuf,
    pub(super) zone: TimeZone,
    pub(super) head: File,
    pub(super) steps: Vec<Step<Action>>,
}

/// The stories of `local/demo/` beside the template, by name; with `--policy` only that policy's.
pub(super) fn all(flags: &Flags) -> Result<Vec<Story>, Stop> {
    let beside = flags.template.parent().unwrap_or(Path::new("."));
    let folder = beside.join("local/demo");
    let shown = folder.display();
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(&folder).doing(format!("read the stories in {shown}"))? {
        let path = entry.doing(format!("read {shown}"))?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut stories = Vec::new();
    for path in paths {
        stories.push(read(path, &beside.join("policies"))?);
    }
    if let Some(wanted) = &flags.policy {
        let name = wanted.file_name();
        stories.retain(|story| story.policy.file_name() == name);
    }
    if stories.is_empty() {
        return Err(Stop::new(format!(
            "{shown} has no story to play; leave --policy out, or name a policy that has one"
        )));
    }
    Ok(stories)
}

fn read(path: PathBuf, policies: &Path) -> Result<Story, Stop> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(&path).doing(format!("read {shown}"))?;
    let (head, steps) = File::read(&text).doing(format!("read {shown}"))?;
    let zone = TimeZone::get(&head.zone).doing(format!("read {shown}"))?;
    let id = path.file_stem().unwrap_or_default().to_string_lossy();
    Ok(Story {
        id: id.into_owned(),
        policy: policies.join(&head.policy),
        path,
        zone,
        head,
        steps,
    })
}
