//! The mail bucket: raw mail comes in under `inbox/` and moves to where it was filed.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::operation::get_object::GetObjectError;

/// The bucket could not be read or written. Try again: the mail is still where it was.
#[derive(Debug, thiserror::Error)]
#[error("{doing} in the mail bucket failed: {cause}")]
pub(crate) struct BucketError {
    doing: &'static str,
    cause: String,
}

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
    /// It is larger than anything that is read; so many bytes.
    TooLarge(usize),
    /// It is not under `inbox/` any more: it was filed.
    Gone,
}

impl Bucket {
    pub(crate) fn new(client: Client, name: &str) -> Self {
        Self {
            client,
            name: name.to_owned(),
        }
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
            return Ok(Raw::TooLarge(bytes));
        }
        let body = object.body.collect().await;
        let body = body.map_err(|error| failed("reading a mail", error))?;
        Ok(Raw::Mail(body.to_vec()))
    }

    /// Moves a filed mail to `target`; once it is there, it is no longer under `inbox/`. Moving it again does nothing.
    pub(crate) async fn file(&self, ses_id: &str, target: &str) -> Result<(), BucketError> {
        let source = inbox(ses_id);
        let copied = self
            .client
            .copy_object()
            .bucket(&self.name)
            .copy_source(format!("{}/{source}", self.name))
            .key(target)
            .send()
            .await;
        if let Err(error) = copied {
            return match self.read(ses_id, 0).await? {
                Raw::Gone => Ok(()),
                _ => Err(failed("moving a mail", error)),
            };
        }
        self.client
            .delete_object()
            .bucket(&self.name)
            .key(source)
            .send()
            .await
            .map_err(|error| failed("removing a moved mail", error))?;
        Ok(())
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
