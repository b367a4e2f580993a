//! The SMTP port that plays SES receiving.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::activity::Activity;
use crate::receiving::{Arrival, Receiving};

/// SES's limit for received mail.
const MAIL_LIMIT: usize = 40 * 1024 * 1024;
/// RFC 5321 asks for 512; long local parts and parameters get some room.
const LINE_LIMIT: usize = 4096;
const RECIPIENT_LIMIT: usize = 100;

/// Accepts connections until the runner ends.
pub(crate) async fn serve(listener: TcpListener, receiving: Arc<Receiving>, activity: Activity) {
    loop {
        let Ok((socket, _)) = listener.accept().await else {
            continue;
        };
        let (receiving, activity) = (receiving.clone(), activity.clone());
        tokio::spawn(async move {
            let (read, write) = socket.into_split();
            // A broken connection loses nothing: what we answered 250 to is stored.
            let _ = session(BufReader::new(read), write, &receiving, &activity).await;
        });
    }
}

/// What one connection has said so far.
#[derive(Debug, Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
}

async fn session(
    mut read: BufReader<impl AsyncRead + Unpin>,
    mut write: impl AsyncWrite + Unpin,
    receiving: &Receiving,
    activity: &Activity,
) -> std::io::Result<()> {
    write.write_all(b"220 localhost ESMTP\r\n").await?;
    let mut envelope = Envelope::default();
    while let Some(line) = line(&mut read).await? {
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => format!(
                "250-localhost\r\n250-SIZE {MAIL_LIMIT}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING"
            ),
            "HELO" => "250 localhost".to_owned(),
            "MAIL" => mail_from(rest, &mut envelope),
            "RCPT" => rcpt_to(rest, &mut envelope, receiving),
            "DATA" if envelope.from.is_none() || envelope.to.is_empty() => {
                "503 MAIL and RCPT first".to_owned()
            }
            "DATA" => {
                write.write_all(b"354 end with <CRLF>.<CRLF>\r\n").await?;
                let raw = data(&mut read).await?;
                let _busy = activity.busy();
                take(std::mem::take(&mut envelope), raw, receiving)
            }
            "RSET" => {
                envelope = Envelope::default();
                "250 ok".to_owned()
            }
            "NOOP" => "250 ok".to_owned(),
            "VRFY" => "252 send and see".to_owned(),
            "QUIT" => {
                return write.write_all(b"221 bye\r\n").await;
            }
            _ => "502 not implemented".to_owned(),
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

fn mail_from(rest: &str, envelope: &mut Envelope) -> String {
    let Some(address) = path(rest, "FROM:") else {
        return "501 MAIL FROM:<address>".to_owned();
    };
    let size = rest.split_whitespace().find_map(|word| {
        word.to_ascii_uppercase()
            .strip_prefix("SIZE=")?
            .parse::<usize>()
            .ok()
    });
    if size.is_some_and(|size| size > MAIL_LIMIT) {
        return "552 5.3.4 message too big".to_owned();
    }
    *envelope = Envelope {
        from: Some(address),
        to: Vec::new(),
    };
    "250 ok".to_owned()
}

fn rcpt_to(rest: &str, envelope: &mut Envelope, receiving: &Receiving) -> String {
    match path(rest, "TO:") {
        _ if envelope.from.is_none() => "503 MAIL first".to_owned(),
        None => "501 RCPT TO:<address>".to_owned(),
        Some(_) if envelope.to.len() == RECIPIENT_LIMIT => "452 too many recipients".to_owned(),
        Some(address) if !receiving.takes(&address) => {
            "550 5.1.1 no receipt rule takes mail for this address".to_owned()
        }
        Some(address) => {
            envelope.to.push(address);
            "250 ok".to_owned()
        }
    }
}

/// The address in `FROM:<a@x> SIZE=1`.
fn path(rest: &str, keyword: &str) -> Option<String> {
    let given = rest.get(..keyword.len())?;
    if !given.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let inner = rest[keyword.len()..].trim_start().strip_prefix('<')?;
    let (address, _) = inner.split_once('>')?;
    Some(address.to_owned())
}

fn take(envelope: Envelope, raw: Option<Vec<u8>>, receiving: &Receiving) -> String {
    let Some(raw) = raw else {
        return "552 5.3.4 message too big".to_owned();
    };
    let arrival = Arrival {
        return_path: envelope.from.unwrap_or_default(),
        recipients: envelope.to,
        raw,
    };
    match receiving.accept(arrival) {
        Ok(()) => "250 ok".to_owned(),
        Err(error) => {
            eprintln!("local: cannot store a received mail: {error}");
            "451 4.3.0 cannot store the mail, try again".to_owned()
        }
    }
}

async fn line(read: &mut BufReader<impl AsyncRead + Unpin>) -> std::io::Result<Option<String>> {
    let mut line = Vec::new();
    let limit = u64::try_from(LINE_LIMIT).unwrap_or(u64::MAX);
    (&mut *read)
        .take(limit)
        .read_until(b'\n', &mut line)
        .await?;
    if line.len() == LINE_LIMIT && !line.ends_with(b"\n") {
        return Err(std::io::Error::other("the command line is too long"));
    }
    let text = String::from_utf8_lossy(&line).trim_end().to_owned();
    Ok((!line.is_empty()).then_some(text))
}

/// The message with dot-stuffing undone; none if it is over the limit, which still reads it to its end.
async fn data(read: &mut BufReader<impl AsyncRead + Unpin>) -> std::io::Result<Option<Vec<u8>>> {
    let (mut raw, mut too_big) = (Vec::new(), false);
    let mut at_line_start = true;
    loop {
        let mut piece = Vec::new();
        let limit = 1024 * 1024;
        if (&mut *read)
            .take(limit)
            .read_until(b'\n', &mut piece)
            .await?
            == 0
        {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if at_line_start && matches!(piece.as_slice(), b".\r\n" | b".\n") {
            return Ok((!too_big).then_some(raw));
        }
        let stuffed = at_line_start && piece.first() == Some(&b'.');
        at_line_start = piece.ends_with(b"\n");
        too_big |= raw.len() + piece.len() > MAIL_LIMIT;
        if !too_big {
            raw.extend_from_slice(&piece[usize::from(stuffed)..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read_data(wire: &[u8]) -> Option<Vec<u8>> {
        data(&mut BufReader::new(wire)).await.unwrap()
    }

    #[tokio::test]
    async fn dot_stuffing_is_undone_and_a_lone_dot_ends_the_mail() {
        let raw = read_data(b"a\r\n..b\r\n. c\r\n.\r\nQUIT\r\n")
            .await
            .unwrap();
        assert_eq!(raw, b"a\r\n.b\r\n c\r\n");
    }

    #[tokio::test]
    async fn mail_over_the_limit_is_read_to_its_end_and_refused() {
        let mut wire = vec![b'x'; MAIL_LIMIT + 1];
        wire.extend_from_slice(b"\r\n.\r\nNOOP\r\n");
        let mut read = BufReader::new(wire.as_slice());
        assert!(data(&mut read).await.unwrap().is_none());
        assert_eq!(line(&mut read).await.unwrap().unwrap(), "NOOP");
    }

    #[test]
    fn the_null_sender_is_an_address_too() {
        assert_eq!(path("FROM:<> BODY=8BITMIME", "FROM:"), Some(String::new()));
        assert_eq!(path("to:<a@x>", "TO:"), Some("a@x".to_owned()));
        assert_eq!(path("a@x", "TO:"), None);
    }
}
