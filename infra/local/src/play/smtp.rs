//! Hands a mail to the runner's SMTP port, as a mail server does.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

/// Delivers a raw mail; the answer of the first command that was refused is the error.
///
/// # Errors
/// The server's own words, or why there is no server.
pub fn deliver(port: u16, from: &str, to: &str, raw: &str) -> Result<(), String> {
    let stream = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.to_string())?;
    let mut answers = BufReader::new(&stream);
    let mut said = String::new();
    let mut expect = |code: &str| {
        said.clear();
        answers
            .read_line(&mut said)
            .map_err(|error| error.to_string())?;
        if said.starts_with(code) {
            Ok(())
        } else {
            Err(said.trim_end().to_owned())
        }
    };
    expect("220")?;
    let lines = [
        ("HELO mail.example".to_owned(), "250"),
        (format!("MAIL FROM:<{from}>"), "250"),
        (format!("RCPT TO:<{to}>"), "250"),
        ("DATA".to_owned(), "354"),
        (stuffed(raw), "250"),
        ("QUIT".to_owned(), "221"),
    ];
    for (line, code) in lines {
        (&stream)
            .write_all(format!("{line}\r\n").as_bytes())
            .map_err(|error| error.to_string())?;
        expect(code)?;
    }
    Ok(())
}

/// The mail with network line ends, leading dots doubled, ending with a lone dot.
fn stuffed(raw: &str) -> String {
    let lines = raw.lines().map(|line| {
        let dot = if line.starts_with('.') { "." } else { "" };
        format!("{dot}{line}\r\n")
    });
    lines.collect::<String>() + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_one_dot_does_not_end_the_mail() {
        assert_eq!(stuffed("a\n.\nb\n"), "a\r\n..\r\nb\r\n.");
    }
}
