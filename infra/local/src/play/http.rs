//! A client that sends one request a connection and notices when the answer is cut off.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Longer than any function may run, and than any advance of a scenario takes.
const PATIENCE: Duration = Duration::from_mins(5);

/// An answer with all of its body.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The lines of the head after the first.
    pub head: String,
    /// The body as text.
    pub body: String,
}

impl Answer {
    /// A header's value; names are compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Sends a request to a port of this machine.
///
/// # Errors
/// No connection, or one that ended before the answer was whole: the request may or may not have been carried out.
pub fn send(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {length}\r\n"
    );
    for (name, value) in headers {
        for part in [name, ": ", value, "\r\n"] {
            request += part;
        }
    }
    request += "\r\n";
    stream.write_all(request.as_bytes())?;
    stream.write_all(body)?;
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw)?;
    read(&raw).ok_or_else(|| Error::new(ErrorKind::UnexpectedEof, "the answer was cut off"))
}

fn read(raw: &[u8]) -> Option<Answer> {
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&raw[..end]).into_owned();
    let (first, head) = head.split_once("\r\n").unwrap_or((&head, ""));
    let mut answer = Answer {
        status: first.split(' ').nth(1)?.parse().ok()?,
        head: head.to_owned(),
        body: String::from_utf8_lossy(&raw[end + 4..]).into_owned(),
    };
    let length = answer.header("content-length").map(str::parse::<usize>);
    if let Some(length) = length {
        let whole = raw.get(end + 4..end + 4 + length.ok()?)?;
        answer.body = String::from_utf8_lossy(whole).into_owned();
    }
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_was_cut_off_is_none() {
        let whole = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nX: y\r\n\r\nok";
        let answer = read(whole).unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (201, "ok"));
        assert_eq!(answer.header("x"), Some("y"));
        for cut in [0, 10, whole.len() - 1] {
            assert!(read(&whole[..cut]).is_none(), "{cut}");
        }
    }
}
