//! Files that came with mails: each an object under `files/`, written before a ticket names it and never changed.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata};
use aws_sdk_s3::presigning::PresigningConfig;
use mail::{InboundMail, sha256};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ticket::{AttachmentNote, FileKey};

/// How long a link to a file opens it: a presigned URL cannot be revoked and works for whoever has it.
pub const LINK_LIVES: Duration = Duration::from_mins(5);

/// What every file is stored and served as, whatever it is: no browser shows or runs it.
const OCTETS: &str = "application/octet-stream";

/// What of a name is written by its bytes.
const NAME: AsciiSet = NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// One attempt to write or read a file of 40 MB, and all of them; a function that files mail has a minute.
const ATTEMPT: Duration = Duration::from_secs(15);
const PATIENCE: Duration = Duration::from_secs(40);

/// A file could not be written, read or linked to. Try again: nothing was changed.
#[derive(Debug, thiserror::Error)]
#[error("{doing} a file failed: {cause}")]
pub struct FilesError {
    doing: &'static str,
    cause: String,
}

/// Where files lie.
#[derive(Debug, Clone)]
pub struct Files {
    client: Client,
    bucket: String,
}

impl Files {
    /// Files in this bucket; asks nothing yet.
    pub fn new(client: &Client, bucket: &str) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(ATTEMPT)
            .operation_timeout(PATIENCE)
            .build();
        let config = client.config().to_builder().timeout_config(timeouts);
        Self {
            client: Client::from_conf(config.build()),
            bucket: bucket.to_owned(),
        }
    }

    /// Writes the mail's files that have a key, one in memory at a time. `raw` is what the mail was parsed from, `notes`
    /// what will be recorded of its files ([`InboundMail::notes`]).
    ///
    /// Call it before the ticket is committed: then whatever a ticket lists is there. If the commit never comes, objects
    /// stay that nobody lists; `troth verify` finds them. A second delivery writes the same bytes under the same keys.
    ///
    /// # Errors
    /// Do not commit; the next delivery begins again.
    pub async fn keep(
        &self,
        raw: &[u8],
        mail: &InboundMail,
        notes: &[AttachmentNote],
    ) -> Result<(), FilesError> {
        for (file, note) in mail.attachments.iter().zip(notes) {
            let Some(key) = &note.key else { continue };
            let put = self.client.put_object().bucket(&self.bucket);
            let put = put.key(name(key)).content_type(OCTETS);
            let put = put.content_disposition("attachment");
            let put = put.body(file.read(raw).into_owned().into());
            put.send().await.map_err(|error| failed("writing", error))?;
        }
        Ok(())
    }

    /// Reads a file whole; none if there is no such object, or it does not hold the bytes that were recorded.
    ///
    /// # Errors
    /// Reading may succeed later.
    pub async fn read(&self, note: &AttachmentNote) -> Result<Option<Vec<u8>>, FilesError> {
        let Some(key) = &note.key else {
            return Ok(None);
        };
        let get = self.client.get_object().bucket(&self.bucket);
        let object = match get.key(name(key)).send().await {
            Ok(object) => object,
            // Whoever may not list the bucket is told 403 of what is not there.
            Err(error) if matches!(error.code(), Some("NoSuchKey" | "AccessDenied")) => {
                return Ok(None);
            }
            Err(error) => return Err(failed("reading", error)),
        };
        let bytes = object.body.collect().await;
        let bytes = bytes.map_err(|error| failed("reading", error))?.to_vec();
        let whole = note.sha256.as_deref() == Some(sha256(&bytes).as_str());
        Ok(whole.then_some(bytes))
    }

    /// A URL that downloads the file for [`LINK_LIVES`], under its name and never in a page. Computed here: it asks nobody.
    ///
    /// # Errors
    /// There are no credentials to sign with.
    pub async fn link(&self, key: &FileKey, file_name: &str) -> Result<String, FilesError> {
        let clock = self.client.config().time_source().unwrap_or_default();
        let lives = PresigningConfig::builder()
            .start_time(clock.now())
            .expires_in(LINK_LIVES)
            .build()
            .map_err(|error| failed("linking to", error))?;
        let get = self.client.get_object().bucket(&self.bucket);
        let get = get.key(name(key)).response_content_type(OCTETS);
        let get = get.response_content_disposition(disposition(file_name));
        let get = get.response_cache_control("no-store");
        let link = get.presigned(lives).await;
        let link = link.map_err(|error| failed("linking to", error))?;
        Ok(link.uri().to_owned())
    }
}

/// The object of a file.
pub fn name(key: &FileKey) -> String {
    format!("files/{key}")
}

/// `Content-Disposition` by which a browser saves a file under this name (RFC 6266, RFC 8187): the name once in ASCII for
/// programs that know no better, once in full. Only letters and digits of the name stand in it as they are.
fn disposition(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
    let ascii: String = name
        .chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect();
    let full = utf8_percent_encode(name, &NAME);
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{full}")
}

fn failed<E: std::error::Error + 'static>(doing: &'static str, error: E) -> FilesError {
    FilesError {
        doing,
        cause: DisplayErrorContext(error).to_string(),
    }
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
