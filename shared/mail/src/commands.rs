//! Slash commands at the top of an agent's mail. Only their form is read here, not what they mean.

/// One command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlashCommand {
    /// The word after the slash, in lower case.
    pub name: String,
    /// The rest of the line, trimmed.
    pub args: String,
}

/// Commands read of one mail; a longer run is not a person's.
const MAX_COMMANDS: usize = 20;

/// The commands in the first lines of a text, and the text after them.
///
/// A command is a line that begins with a slash and a word of letters (`/assign Jo`). The first line that
/// is none ends them, so that a path in a sentence stays text; empty lines between are passed over.
pub fn slash_commands(text: &str) -> (Vec<SlashCommand>, &str) {
    let mut commands = Vec::new();
    let mut rest = text;
    loop {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        if line.trim().is_empty() && !after.is_empty() {
            rest = after;
            continue;
        }
        match command(line.trim()) {
            Some(command) if commands.len() < MAX_COMMANDS => commands.push(command),
            _ => break,
        }
        rest = after;
    }
    (commands, rest.trim())
}

fn command(line: &str) -> Option<SlashCommand> {
    let line = line.strip_prefix('/')?;
    let (name, args) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let word = !name.is_empty()
        && name.len() <= 20
        && name
            .bytes()
            .all(|b| b.is_ascii_alphabetic() || b == b'-' || b == b'_');
    word.then(|| SlashCommand {
        name: name.to_ascii_lowercase(),
        args: crate::clean::single_line(args, 300),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(String, String)> {
        slash_commands(text)
            .0
            .into_iter()
            .map(|c| (c.name, c.args))
            .collect()
    }

    #[test]
    fn commands_at_the_top_are_read_and_the_rest_is_the_answer() {
        let (commands, rest) = slash_commands(
            "\n/Priority urgent\n\n /escalate L2  disk is full \r\n\nWe look at it.\n/solve\n",
        );
        let of = |name: &str, args: &str| SlashCommand {
            name: name.into(),
            args: args.into(),
        };
        assert_eq!(
            commands,
            [of("priority", "urgent"), of("escalate", "L2 disk is full")]
        );
        assert_eq!(rest, "We look at it.\n/solve");
    }

    #[test]
    fn a_path_or_a_lone_slash_is_text() {
        for text in [
            "/var/log is full",
            "/ hello",
            "//x",
            "/2 of them",
            "Hello /solve",
        ] {
            assert_eq!(slash_commands(text), (Vec::new(), text));
        }
    }

    #[test]
    fn a_command_alone_leaves_no_words() {
        assert_eq!(names("/solve"), [("solve".to_owned(), String::new())]);
        assert_eq!(slash_commands("/solve").1, "");
    }
}
