//! Hands a mail to the runner's SMTP port, as a mail server does.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

/// Delivers a raw mail; the answer of the first command that was refused is the error.
///
/// # Errors
/// The server's own words, or why there is no server.
pub fn deliver(port: u16, from: &str, to: &str, raw: &str) -> Result<(), String> {
    deliver_bytes(port, from, to, raw.as_bytes())
}

/// Delivers a mail of any bytes; see [`deliver`].
///
/// # Errors
/// As [`deliver`].
pub fn deliver_bytes(port: u16, from: &str, to: &str, raw: &[u8]) -> Result<(), String> {
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
        (b"HELO mail.example".to_vec(), "250"),
        (format!("MAIL FROM:<{from}>").into_bytes(), "250"),
        (format!("RCPT TO:<{to}>").into_bytes(), "250"),
        (b"DATA".to_vec(), "354"),
        (stuffed(raw), "250"),
        (b"QUIT".to_vec(), "221"),
    ];
    for (mut line, code) in lines {
        line.extend_from_slice(b"\r\n");
        (&stream)
            .write_all(&line)
            .map_err(|error| error.to_string())?;
        expect(code)?;
    }
    Ok(())
}

/// The mail as it arrives: with network line ends.
pub fn as_sent(raw: &[u8]) -> Vec<u8> {
    let raw = raw.strip_suffix(b"\n").unwrap_or(raw);
    let mut sent = Vec::with_capacity(raw.len() + raw.len() / 40);
    for line in raw.split(|byte| *byte == b'\n') {
        sent.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        sent.extend_from_slice(b"\r\n");
    }
    sent
}

/// The mail on the wire: leading dots doubled, ending with a lone dot.
fn stuffed(raw: &[u8]) -> Vec<u8> {
    let mut wire = Vec::new();
    for line in as_sent(raw).split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            wire.push(b'.');
        }
        wire.extend_from_slice(line);
    }
    wire.push(b'.');
    wire
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_one_dot_does_not_end_the_mail() {
        assert_eq!(stuffed(b"a\n.\nb\n"), b"a\r\n..\r\nb\r\n.");
    }

    #[test]
    fn bytes_that_are_no_text_arrive_as_they_are() {
        assert_eq!(as_sent(b"a\xE4\r\nb"), b"a\xE4\r\nb\r\n");
    }
}
