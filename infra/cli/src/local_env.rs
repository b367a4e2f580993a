//! Asks a local runner for the variables that lead to its stack.
//!
//! One `GET` over plain HTTP/1.0, whose answer ends with the connection: nothing here needs an HTTP library.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde::de::DeserializeOwned;

/// The runner answers from memory.
const PATIENCE: Duration = Duration::from_secs(5);

/// More than any environment; a stranger on the port cannot fill the memory.
const MOST: u64 = 1 << 20;

/// Why the runner gave no variables.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{0} is not a URL of this machine; write http://127.0.0.1:PORT/_local")]
    Url(String),
    #[error("no local stack answers at {url}; start one with `cargo run -p local`")]
    NoAnswer {
        url: String,
        #[source]
        source: io::Error,
    },
    #[error("what answers at {0} is not a local stack")]
    NotARunner(String),
}

/// Fetches a JSON value, such as a flat object of variables.
pub(crate) fn fetch<T: DeserializeOwned>(url: &str) -> Result<T, Error> {
    let (address, path) = parts(url).ok_or_else(|| Error::Url(url.to_owned()))?;
    let answer = get(address, path).map_err(|source| Error::NoAnswer {
        url: url.to_owned(),
        source,
    })?;
    read(&answer).ok_or_else(|| Error::NotARunner(url.to_owned()))
}

/// Address and path of a loopback URL: variables with keys in them are taken from nowhere else.
fn parts(url: &str) -> Option<(SocketAddr, &str)> {
    let rest = url.strip_prefix("http://")?;
    let slash = rest.find('/')?;
    let (host, path) = rest.split_at(slash);
    let host = host.replace("localhost", "127.0.0.1");
    let address: SocketAddr = host.parse().ok()?;
    address.ip().is_loopback().then_some((address, path))
}

fn get(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.take(MOST).read_to_string(&mut answer)?;
    Ok(answer)
}

fn read<T: DeserializeOwned>(answer: &str) -> Option<T> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut words = head.split(' ');
    let is_http = words.next()?.starts_with("HTTP/1.");
    (is_http && words.next()? == "200")
        .then(|| serde_json::from_str(body).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    fn answered_with(answer: &'static str) -> Result<BTreeMap<String, String>, Error> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/_local/env.json", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap();
            assert!(request[..length].starts_with(b"GET /_local/env.json HTTP/1.0\r\n"));
            stream.write_all(answer.as_bytes()).unwrap();
        });
        let fetched = fetch(&url);
        server.join().unwrap();
        fetched
    }

    #[test]
    fn the_variables_of_a_runner_are_read() {
        let variables =
            answered_with("HTTP/1.0 200 OK\r\ncontent-length: 16\r\n\r\n{\"TABLE_NAME\":\"t\"}");
        assert_eq!(variables.unwrap()["TABLE_NAME"], "t");
    }

    #[test]
    fn something_else_on_the_port_is_said_to_be_no_stack() {
        for answer in [
            "HTTP/1.1 404 Not Found\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\n\r\n<html>",
            "SSH-2.0",
        ] {
            let error = answered_with(answer).unwrap_err().to_string();
            assert!(error.ends_with("is not a local stack"), "{error}");
        }
    }

    #[test]
    fn nobody_there_says_how_to_start_one() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/_local/env.json", listener.local_addr().unwrap());
        drop(listener);
        let error = fetch::<BTreeMap<String, String>>(&url).unwrap_err();
        let error = error.to_string();
        assert!(
            error.ends_with("start one with `cargo run -p local`"),
            "{error}"
        );
    }

    #[test]
    fn variables_are_taken_from_this_machine_only() {
        for url in [
            "http://192.0.2.1:8080/_local",
            "https://127.0.0.1:1/",
            "127.0.0.1:8080",
        ] {
            let fetched = fetch::<BTreeMap<String, String>>(url);
            assert!(matches!(fetched, Err(Error::Url(_))), "{url}");
        }
    }
}
