//! Inputs that are kept: for each behaviour the shortest that showed it.

use std::{collections::HashMap, io, path::Path};

/// Behaviours kept; more would only repeat.
const KEPT: usize = 4_000;

/// Bytes of a file, the shortest inputs first: long ones say little more, and the files are part of the source.
const WRITTEN: usize = 60_000;

#[derive(Default)]
pub(crate) struct Corpus {
    pub(crate) inputs: Vec<Vec<u8>>,
    places: HashMap<u64, usize>,
}

impl Corpus {
    pub(crate) fn keep(&mut self, behaviour: u64, input: Vec<u8>) {
        match self.places.get(&behaviour) {
            Some(place) if self.inputs[*place].len() > input.len() => self.inputs[*place] = input,
            None if self.inputs.len() < KEPT => {
                self.places.insert(behaviour, self.inputs.len());
                self.inputs.push(input);
            }
            Some(_) | None => {}
        }
    }

    /// One input a line, what is not printed as `\xNN`.
    pub(crate) fn write(mut self, path: &Path) -> io::Result<()> {
        self.inputs
            .sort_by_key(|input| (input.len(), input.clone()));
        let mut text = String::new();
        for input in &self.inputs {
            let line = input.escape_ascii().to_string();
            if text.len() + line.len() < WRITTEN {
                text.push_str(&line);
                text.push('\n');
            }
        }
        std::fs::write(path, text)
    }
}

/// The inputs of a file; none where there is no file yet.
pub(crate) fn read(path: &Path) -> io::Result<Vec<Vec<u8>>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text.lines().map(unescaped).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// What `escape_ascii` wrote, back.
fn unescaped(line: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::with_capacity(line.len()), line.bytes());
    while let Some(byte) = rest.next() {
        bytes.push(
            match (byte, (byte == b'\\').then(|| rest.next()).flatten()) {
                (_, Some(b'n')) => b'\n',
                (_, Some(b'r')) => b'\r',
                (_, Some(b't')) => b'\t',
                (_, Some(b'x')) => {
                    let mut digit = || {
                        rest.next()
                            .and_then(|it| char::from(it).to_digit(16))
                            .unwrap_or(0)
                    };
                    u8::try_from(digit() * 16 + digit()).unwrap_or(0)
                }
                (_, Some(itself)) => itself,
                (byte, None) => byte,
            },
        );
    }
    bytes
}
