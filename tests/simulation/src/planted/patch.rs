//! A bug as a patch: a sentence that says what is wrong, then a unified diff. Hunks are found by their lines and not by
//! numbers, so that a patch fits for as long as the code it changes stands.

use std::collections::BTreeMap;

/// Stands in a condition of a bug for "this bug is planted".
const HERE: &str = "PLANTED";

/// A planted bug.
#[derive(Debug, Clone)]
pub struct Patch {
    /// The file's name without its ending.
    pub name: String,
    /// What is wrong, in words.
    pub says: String,
    hunks: Vec<Hunk>,
}

/// Lines of a file, and what stands in their place.
#[derive(Debug, Clone, Default)]
struct Hunk {
    file: String,
    old: String,
    new: String,
}

impl Patch {
    pub(super) fn read(name: &str, text: &str) -> Result<Self, String> {
        let mut lines = text.lines();
        let says = lines.next().unwrap_or_default().to_owned();
        if says.is_empty() || says.starts_with(['-', '+', '@']) || says.starts_with("diff ") {
            return Err("its first line must say in words what is wrong".to_owned());
        }
        let mut file = String::new();
        let mut hunks: Vec<Hunk> = Vec::new();
        for line in lines {
            if let Some(path) = line.strip_prefix("+++ b/") {
                path.clone_into(&mut file);
                continue;
            }
            if line.starts_with("@@") {
                let file = file.clone();
                hunks.push(Hunk {
                    file,
                    ..Hunk::default()
                });
                continue;
            }
            if line.starts_with("diff ") || line.starts_with("--- a/") || line.starts_with("index ")
            {
                continue;
            }
            let Some(hunk) = hunks.last_mut() else {
                continue;
            };
            let (sign, rest) = line.split_at(line.len().min(1));
            if sign != "+" {
                hunk.old.push_str(rest);
                hunk.old.push('\n');
            }
            if sign != "-" {
                hunk.new.push_str(rest);
                hunk.new.push('\n');
            }
        }
        let name = name.to_owned();
        if hunks.is_empty()
            || hunks
                .iter()
                .any(|hunk| hunk.old == hunk.new || hunk.file.is_empty())
        {
            return Err("it changes nothing".to_owned());
        }
        Ok(Self { name, says, hunks })
    }

    /// The changed files of a tree, by their paths, as they become; `file` reads one as it is.
    ///
    /// # Errors
    /// Lines that are not there any more, or more than once.
    pub fn applied(
        &self,
        file: impl Fn(&str) -> Option<String>,
    ) -> Result<BTreeMap<String, String>, String> {
        self.applied_where("true", file)
    }

    /// Whether the bug says where it sets in, by the word `PLANTED` in a condition: then it can be built together with
    /// others, each asleep until a run names it.
    pub(super) fn sleeps(&self) -> bool {
        self.hunks.iter().any(|hunk| hunk.new.contains(HERE))
    }

    /// As [`Self::applied`], for a build with other bugs: this one sets in where the variable `PLANTED` has its name.
    pub(super) fn asleep(
        &self,
        file: impl Fn(&str) -> Option<String>,
    ) -> Result<BTreeMap<String, String>, String> {
        let name = &self.name;
        let named = format!("std::env::var(\"PLANTED\").is_ok_and(|name| name == \"{name}\")");
        self.applied_where(&named, file)
    }

    fn applied_where(
        &self,
        here: &str,
        file: impl Fn(&str) -> Option<String>,
    ) -> Result<BTreeMap<String, String>, String> {
        let mut files = BTreeMap::new();
        for hunk in &self.hunks {
            let text = files.remove(&hunk.file).or_else(|| file(&hunk.file));
            let text = text.unwrap_or_default();
            let times = text.matches(&hunk.old).count();
            if times != 1 {
                return Err(format!(
                    "the bug {} does not fit any more: {} has these lines {times} times; write the patch anew:\n{}",
                    self.name, hunk.file, hunk.old
                ));
            }
            files.insert(
                hunk.file.clone(),
                text.replace(&hunk.old, &hunk.new.replace(HERE, here)),
            );
        }
        Ok(files)
    }
}
