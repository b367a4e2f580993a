//! The mail bucket: raw mail comes in under `inbox/` and moves to where it was filed.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::types::Object;
use jiff::Timestamp;

/// The bucket could not be read or written. Try again: the mail is still where it was.
#[derive(Debug, thiserror::Error)]
#[error("{doing} in the mail bucket failed: {cause}")]
pub(crate) struct BucketError {
    doing: &'static str,
    cause: String,
}

/// As much of a mail that is too large is read.
const TOP_BYTES: usize = 512 * 1024;

/// Where raw mail lies.
#[derive(Debug)]
pub(crate) struct Bucket {
    client: Client,
    name: String,
}

/// A mail as it was received.
#[derive(Debug)]
pub(crate) enum Raw {
    /// Its bytes.
    Mail(Vec<u8>),
    /// It is larger than anything that is read: how many bytes it has, and its beginning.
    TooLarge(usize, Vec<u8>),
    /// It is not under `inbox/` any more: it was filed.
    Gone,
}

/// A mail that lies in the inbox.
#[derive(Debug, Clone)]
pub(crate) struct Left {
    /// SES's id.
    pub(crate) id: String,
    /// When SES stored it.
    pub(crate) at: Timestamp,
}

/// SES puts this object into the inbox when the rule is made.
const SETUP: &str = "AMAZON_SES_SETUP_NOTIFICATION";

impl Bucket {
    pub(crate) fn new(client: Client, name: &str) -> Self {
        Self {
            client,
            name: name.to_owned(),
        }
    }

    /// Every mail that nobody has filed yet.
    pub(crate) async fn inbox(&self) -> Result<Vec<Left>, BucketError> {
        let mut pages = self
            .client
            .list_objects_v2()
            .bucket(&self.name)
            .prefix(inbox(""))
            .into_paginator()
            .send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failed("listing the inbox", error))?;
            found.extend(page.contents().iter().filter_map(left));
        }
        Ok(found)
    }

    /// Reads a mail that nobody has filed yet, unless it has more than `limit` bytes.
    pub(crate) async fn read(&self, ses_id: &str, limit: usize) -> Result<Raw, BucketError> {
        let answer = self
            .client
            .get_object()
            .bucket(&self.name)
            .key(inbox(ses_id))
            .send()
            .await;
        let object = match answer {
            Ok(object) => object,
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetObjectError::is_no_such_key) =>
            {
                return Ok(Raw::Gone);
            }
            Err(error) => return Err(failed("reading a mail", error)),
        };
        let bytes = usize::try_from(object.content_length().unwrap_or(0)).unwrap_or(0);
        if bytes > limit {
            let top = self.top(ses_id).await?;
            return Ok(Raw::TooLarge(bytes, top));
        }
        let body = object.body.collect().await;
        let body = body.map_err(|error| failed("reading a mail", error))?;
        Ok(Raw::Mail(body.to_vec()))
    }

    /// The beginning of a mail, in which its headers are.
    async fn top(&self, ses_id: &str) -> Result<Vec<u8>, BucketError> {
        let object = self
            .client
            .get_object()
            .bucket(&self.name)
            .key(inbox(ses_id))
            .range(format!("bytes=0-{}", TOP_BYTES - 1))
            .send()
            .await
            .map_err(|error| failed("reading a mail", error))?;
        let body = object.body.collect().await;
        let body = body.map_err(|error| failed("reading a mail", error))?;
        Ok(body.to_vec())
    }

    /// Copies a mail from `inbox/` to `target`. Copying it again changes nothing.
    pub(crate) async fn copy(&self, ses_id: &str, target: &str) -> Result<(), BucketError> {
        let copy = self.client.copy_object().bucket(&self.name).key(target);
        let copy = copy.copy_source(format!("{}/{}", self.name, inbox(ses_id)));
        let copied = copy.send().await;
        copied.map_err(|error| failed("moving a mail", error))?;
        Ok(())
    }

    /// Moves a filed mail to `target`; once it is there, it is no longer under `inbox/`. Moving it again does nothing.
    pub(crate) async fn file(&self, ses_id: &str, target: &str) -> Result<(), BucketError> {
        if let Err(error) = self.copy(ses_id, target).await {
            return match self.read(ses_id, 0).await? {
                Raw::Gone => Ok(()),
                _ => Err(error),
            };
        }
        self.client
            .delete_object()
            .bucket(&self.name)
            .key(inbox(ses_id))
            .send()
            .await
            .map_err(|error| failed("removing a moved mail", error))?;
        Ok(())
    }
}

/// Nothing that SES would not have put there counts: an id has no folders.
fn left(object: &Object) -> Option<Left> {
    let id = object.key()?.strip_prefix(&inbox(""))?;
    let at = object.last_modified()?;
    let at = Timestamp::from_millisecond(at.to_millis().ok()?).ok()?;
    let is_mail = !id.is_empty() && id != SETUP && !id.contains('/');
    is_mail.then(|| Left {
        id: id.to_owned(),
        at,
    })
}

/// An object under `inbox/` has one version, or two if SES wrote it again.
const MOST_VERSIONS: usize = 10;

impl Bucket {
    /// Writes an object of our own making.
    pub(crate) async fn put(&self, key: &str, content: Vec<u8>) -> Result<(), BucketError> {
        let put = self.client.put_object().bucket(&self.name).key(key);
        let put = put.body(content.into()).send().await;
        put.map_err(|error| failed("writing a masked mail", error))?;
        Ok(())
    }

    /// Deletes a mail from `inbox/` for good. A plain deletion would only hide it behind a marker, so the newest version is
    /// deleted by its name until none is left.
    pub(crate) async fn destroy(&self, ses_id: &str) -> Result<(), BucketError> {
        for _ in 0..MOST_VERSIONS {
            let newest = self
                .client
                .get_object()
                .bucket(&self.name)
                .key(inbox(ses_id));
            let newest = match newest.send().await {
                Ok(newest) => newest,
                Err(error)
                    if error
                        .as_service_error()
                        .is_some_and(GetObjectError::is_no_such_key) =>
                {
                    return Ok(());
                }
                Err(error) => return Err(failed("looking for a mail's versions", error)),
            };
            self.client
                .delete_object()
                .bucket(&self.name)
                .key(inbox(ses_id))
                .set_version_id(newest.version_id)
                .send()
                .await
                .map_err(|error| failed("deleting a mail that held secrets", error))?;
        }
        Err(BucketError {
            doing: "deleting a mail that held secrets",
            cause: format!("it has more than {MOST_VERSIONS} versions"),
        })
    }
}

fn inbox(ses_id: &str) -> String {
    format!("inbox/{ses_id}")
}

fn failed<E: std::error::Error + 'static>(doing: &'static str, error: E) -> BucketError {
    BucketError {
        doing,
        cause: DisplayErrorContext(error).to_string(),
    }
}
