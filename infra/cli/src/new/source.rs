//! The text of a `policy.toml` whose values change and whose comments stay.

use ::policy::PersonId;

/// A `policy.toml` being filled in.
pub(super) struct Source {
    text: String,
}

impl Source {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The text value of a key in a section; the root is the section without a name.
    pub(super) fn get(&self, section: &str, key: &str) -> Option<String> {
        let line = self.text.lines().nth(self.line(section, key)?)?;
        quoted(line.split_once('=')?.1)
    }

    pub(super) fn set(&mut self, section: &str, key: &str, value: &str) {
        let Some(at) = self.line(section, key) else {
            return;
        };
        let lines = self.text.lines().enumerate().map(|(index, line)| {
            if index == at {
                format!("{key} = {}\n", basic(value))
            } else {
                format!("{line}\n")
            }
        });
        self.text = lines.collect();
    }

    fn line(&self, section: &str, key: &str) -> Option<usize> {
        let mut current = "";
        self.text.lines().position(|line| {
            let line = line.trim();
            if let Some(name) = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                current = name;
            }
            let named = line.split_once('=').map(|(name, _)| name.trim());
            current == section && named == Some(key)
        })
    }

    /// The domain of the first address that customers write to.
    pub(super) fn mail_domain(&self) -> Option<String> {
        let line = self
            .text
            .lines()
            .find(|line| line.trim_start().starts_with("addresses"))?;
        let (_, domain) = quoted(line.split_once('[')?.1)?
            .split_once('@')
            .map(|(a, b)| (a.to_owned(), b.to_owned()))?;
        Some(domain)
    }

    /// Moves every address at a domain to another.
    pub(super) fn replace_domain(&mut self, from: &str, to: &str) {
        let inside = basic(to);
        let inside = inside.trim_matches('"');
        self.text = self
            .text
            .replace(&format!("@{from}\""), &format!("@{inside}\""));
    }

    /// Replaces a text value wherever it stands.
    pub(super) fn replace_text(&mut self, from: &str, to: &str) {
        self.text = self.text.replace(&basic(from), &basic(to));
    }
}

/// The people of a ready policy, which stand on a line each: `lead = { …, address = "…" }`.
pub(super) fn people(toml: &str) -> Vec<(PersonId, String)> {
    let of_line = |line: &str| {
        let (id, rest) = line.split_once('=')?;
        let (_, address) = rest.split_once("address = ")?;
        Some((id.trim().parse().ok()?, quoted(address)?))
    };
    toml.lines().filter_map(of_line).collect()
}

/// The first text in quotes.
fn quoted(text: &str) -> Option<String> {
    let inside = text.split_once('"')?.1;
    Some(inside.split_once('"')?.0.to_owned())
}

/// A text as TOML writes it; without control characters JSON writes it alike.
fn basic(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOML: &str = "# whose\nid = \"a\"\naddresses = [\"help@desk.example\"]\n[company]\nname = \"A Ltd\" # legal\n[people]\nlead = { name = \"Lead\", address = \"lead@staff.example\" }\n";

    #[test]
    fn values_change_and_comments_stay() {
        let mut source = Source::new(TOML);
        source.set("company", "name", "B \"and\" C");
        source.set("", "id", "b");
        source.replace_domain("desk.example", "help.example");
        source.replace_text("lead@staff.example", "anna@b.example");
        assert_eq!(
            source.text(),
            "# whose\nid = \"b\"\naddresses = [\"help@help.example\"]\n[company]\nname = \"B \\\"and\\\" C\"\n[people]\nlead = { name = \"Lead\", address = \"anna@b.example\" }\n"
        );
    }

    #[test]
    fn values_and_people_are_found() {
        let source = Source::new(TOML);
        assert_eq!(source.get("company", "name").as_deref(), Some("A Ltd"));
        assert_eq!(source.get("company", "address"), None);
        assert_eq!(source.mail_domain().as_deref(), Some("desk.example"));
        assert_eq!(
            people(TOML),
            [("lead".parse().unwrap(), "lead@staff.example".to_owned())]
        );
    }
}
