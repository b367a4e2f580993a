//! What the pages show: every desk, how far its story is, and what has happened.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use play::Client;

use super::journal::{Entry, What};
use super::story::Story;

/// The desks by their ids.
#[derive(Debug)]
pub(super) struct Board(Mutex<BTreeMap<String, Shown>>);

/// One desk as the pages show it.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub(super) story: Arc<Story>,
    /// Where it is, once it is open.
    pub(super) client: Option<Client>,
    pub(super) journal: Vec<Entry>,
    /// Steps that were played.
    pub(super) steps: usize,
    pub(super) finished: bool,
}

impl Board {
    pub(super) fn new(stories: &[Arc<Story>]) -> Self {
        let shown = stories.iter().map(|story| {
            let shown = Shown {
                story: story.clone(),
                client: None,
                journal: Vec::new(),
                steps: 0,
                finished: false,
            };
            (story.id.clone(), shown)
        });
        Self(Mutex::new(shown.collect()))
    }

    fn desks(&self) -> MutexGuard<'_, BTreeMap<String, Shown>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Shown)) {
        if let Some(shown) = self.desks().get_mut(id) {
            change(shown);
        }
    }

    /// The desk is open.
    pub(super) fn opened(&self, id: &str, client: Client) {
        self.change(id, |shown| shown.client = Some(client));
    }

    /// A step was played.
    pub(super) fn tell(&self, id: &str, entries: Vec<Entry>) {
        self.change(id, |shown| {
            shown.steps += 1;
            shown.journal.extend(entries);
        });
    }

    /// The story is over.
    pub(super) fn finished(&self, id: &str) {
        self.change(id, |shown| shown.finished = true);
    }

    /// How the story went, in a few words.
    pub(super) fn summary(&self, id: &str) -> String {
        self.desk(id)
            .map_or_else(String::new, |shown| shown.summary())
    }

    /// One desk.
    pub(super) fn desk(&self, id: &str) -> Option<Shown> {
        self.desks().get(id).cloned()
    }

    /// All desks, by their ids.
    pub(super) fn all(&self) -> Vec<Shown> {
        self.desks().values().cloned().collect()
    }
}

impl Shown {
    /// How far the story is, or what it came to.
    pub(super) fn summary(&self) -> String {
        let mails = self.journal.iter();
        let mails = mails.filter(|entry| matches!(entry.what, What::Sent { .. }));
        let mails = mails.count();
        if self.finished {
            return format!("{} steps, {mails} mails sent", self.steps);
        }
        if self.client.is_none() {
            return "the desk is being opened".to_owned();
        }
        format!(
            "step {} of {}, {mails} mails sent",
            self.steps,
            self.story.steps.len()
        )
    }

    /// Where the desk is, without a slash at the end.
    pub(super) fn address(&self) -> Option<String> {
        let client = self.client.as_ref()?;
        Some(format!("http://127.0.0.1:{}", client.http))
    }
}
