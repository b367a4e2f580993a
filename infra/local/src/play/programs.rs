//! What a browser and a mail program do: forms read from pages, mails put together, answers that quote.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::mailbox;
use super::steps::{Along, Keeps, Reply};

/// The hidden fields of a page's form, in order.
pub(crate) fn hidden_fields(page: &str) -> Vec<(String, String)> {
    let inputs = page.split("<input ").skip(1);
    inputs
        .filter(|input| input.starts_with("type=\"hidden\""))
        .filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)))
        .collect()
}

/// The address that a page's form is sent to.
pub(crate) fn form_action(page: &str) -> Option<String> {
    attribute(page.split("<form ").nth(1)?, "action")
}

/// The first link to a ticket's page that a page shows.
pub(crate) fn shown_link(page: &str) -> Option<String> {
    let links = page.split("<a ").skip(1);
    let mut links = links.filter_map(|tag| attribute(tag, "href"));
    links.find(|link| link.starts_with("/tickets/") && link.contains("key="))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let inside = &tag[..tag.find('>')?];
    let (_, value) = inside.split_once(&format!("{name}=\""))?;
    let (value, _) = value.split_once('"')?;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

/// The path of the customer's page that a mail links to.
pub(crate) fn page_link(text: &str) -> Option<String> {
    text.split_whitespace().rev().find_map(|word| {
        let from = word.find("/tickets/")?;
        let link = word[from..].trim_matches(|c: char| matches!(c, '<' | '>' | ')' | '.'));
        link.contains("key=").then(|| link.to_owned())
    })
}

/// A mail to be put together.
pub(crate) struct Draft<'a> {
    pub(crate) from: &'a str,
    pub(crate) name: &'a str,
    pub(crate) to: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) id: &'a str,
    pub(crate) text: &'a str,
    pub(crate) headers: &'a BTreeMap<String, String>,
    pub(crate) files: &'a [Along],
}

/// Stands between the parts of a mail with files.
const BOUNDARY: &str = "=_along_=";

impl Draft<'_> {
    /// The mail as it goes over the wire.
    pub(crate) fn raw(&self) -> String {
        let Self {
            from,
            name,
            to,
            subject,
            id,
            text,
            ..
        } = self;
        let mut raw =
            format!("From: {name} <{from}>\nTo: <{to}>\nSubject: {subject}\nMessage-ID: <{id}>\n");
        for (name, value) in self.headers {
            let _ = writeln!(raw, "{name}: {value}");
        }
        let plain = "Content-Type: text/plain; charset=utf-8";
        let mixed = format!("Content-Type: multipart/mixed; boundary=\"{BOUNDARY}\"");
        let usual = [
            "MIME-Version: 1.0",
            if self.files.is_empty() { plain } else { &mixed },
            "Content-Transfer-Encoding: 8bit",
        ];
        for line in usual {
            let name = line.split(':').next().unwrap_or_default();
            if !self
                .headers
                .keys()
                .any(|key| key.eq_ignore_ascii_case(name))
            {
                let _ = writeln!(raw, "{line}");
            }
        }
        if self.files.is_empty() {
            return format!("{raw}\n{text}\n");
        }
        let _ = write!(raw, "\n--{BOUNDARY}\n{plain}\n\n{text}\n");
        for Along {
            name,
            content,
            lines,
        } in self.files
        {
            let content = vec![content.as_str(); *lines].join("\n");
            let _ = write!(
                raw,
                "--{BOUNDARY}\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"{name}\"\n\n{content}\n"
            );
        }
        format!("{raw}--{BOUNDARY}--\n")
    }
}

/// The link to a file of this name in a mail's text, where it stands on the line below the name.
pub(crate) fn file_link(text: &str, name: &str) -> Option<String> {
    let lines = text.lines().zip(text.lines().skip(1));
    let (_, url) = lines
        .filter(|(label, url)| label.starts_with(name) && url.contains("/files/"))
        .last()?;
    Some(url[url.find("/tickets/")?..].to_owned())
}

/// The link to a file of this name on a page.
pub(crate) fn file_on_page(page: &str, name: &str) -> Option<String> {
    let (before, _) = page.split_once(&format!("<bdi>{name}</bdi></a>"))?;
    attribute(before.rsplit_once("<a ")?.1, "href")
}

/// The text of an answer, with the mail quoted below as mail programs do.
pub(crate) fn answer_text(reply: &Reply, text: &str, mail: &mailbox::Mail) -> String {
    if !reply.quote {
        return text.to_owned();
    }
    let mut out = format!(
        "{}\n\nOn {}, {} wrote:\n\n",
        text.trim_end(),
        mail.at.strftime("%a, %-d %b %Y at %H:%M"),
        mail.header("from")
    );
    for line in mail.text().lines() {
        let _ = writeln!(out, "> {line}");
    }
    out
}

/// The headers that lead back to the ticket, as far as the mail program keeps them.
pub(crate) fn answer_headers(keeps: Keeps, mail: &mailbox::Mail) -> BTreeMap<String, String> {
    let own: Vec<&str> = mail.ids("message-id");
    let before: Vec<&str> = mail.ids("references");
    let given_by_ses = |id: &&&str| id.ends_with("amazonses.com>");
    let (parent, references): (Vec<&str>, Vec<&str>) = match keeps {
        Keeps::Everything => (own.clone(), [before, own].concat()),
        Keeps::Address => (Vec::new(), Vec::new()),
        Keeps::References => (
            Vec::new(),
            before
                .iter()
                .filter(|id| !given_by_ses(id))
                .copied()
                .collect(),
        ),
        Keeps::SesId => (
            own.iter().filter(given_by_ses).copied().collect(),
            Vec::new(),
        ),
    };
    let header =
        |name: &str, ids: Vec<&str>| (!ids.is_empty()).then(|| (name.to_owned(), ids.join(" ")));
    header("In-Reply-To", parent)
        .into_iter()
        .chain(header("References", references))
        .collect()
}

/// The bare address of `Name <a@x>`.
pub(crate) fn bare(address: &str) -> String {
    let inner = address.rsplit_once('<').map_or(address, |(_, rest)| rest);
    inner.trim().trim_end_matches('>').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gives_its_hidden_fields_and_where_to_send_them() {
        let page = "<form method=\"post\" action=\"/x?a=1&amp;b=2\"><input type=\"hidden\" name=\"nonce\" value=\"n1\">\
                    <input id=\"name\" type=\"text\" name=\"name\" value=\"\"></form>";
        assert_eq!(hidden_fields(page), [("nonce".to_owned(), "n1".to_owned())]);
        assert_eq!(form_action(page).as_deref(), Some("/x?a=1&b=2"));
    }

    #[test]
    fn the_link_of_a_mail_is_found_without_what_stands_around_it() {
        let text = "See <http://127.0.0.1:1/tickets/EH-1?key=abc>.";
        assert_eq!(page_link(text).as_deref(), Some("/tickets/EH-1?key=abc"));
        assert_eq!(page_link("http://127.0.0.1:1/tickets/EH-1"), None);
    }
}
