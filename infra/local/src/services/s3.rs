//! S3: `s3s-fs` over a folder per bucket, path style, signatures checked.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{HttpError, HttpResponse};
use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::data_dir::write_whole;
use crate::environment::{ACCESS_KEY, SECRET_KEY};
use crate::stop::{Doing, Stop};

/// The bucket folders and the service over them.
#[derive(Clone)]
pub(crate) struct Buckets {
    root: PathBuf,
    service: S3Service,
    clock: Arc<Clock>,
}

impl std::fmt::Debug for Buckets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Buckets").field(&self.root).finish()
    }
}

impl Buckets {
    /// Makes the folders of the template's buckets. `callers` are the access keys of those who may ask.
    pub(crate) fn open(
        root: PathBuf,
        names: &[String],
        callers: impl IntoIterator<Item = String>,
        clock: Arc<Clock>,
    ) -> Result<Self, Stop> {
        for name in names {
            let folder = root.join(name);
            std::fs::create_dir_all(&folder).doing(format!("create {}", folder.display()))?;
        }
        let files = s3s_fs::FileSystem::new(&root)
            .map_err(|error| Stop::new(format!("cannot serve {}: {error:?}", root.display())))?;
        let mut builder = S3ServiceBuilder::new(files);
        let mut auth = SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY);
        for caller in callers {
            auth.register(caller, SECRET_KEY.into());
        }
        builder.set_auth(auth);
        let service = builder.build();
        Ok(Self {
            root,
            service,
            clock,
        })
    }

    /// Serves the API until the runner ends.
    pub(crate) async fn serve(self, listener: TcpListener) {
        loop {
            let Ok((socket, _)) = listener.accept().await else {
                continue;
            };
            let buckets = self.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request| buckets.clone().answer(request));
                let builder = Builder::new(TokioExecutor::new());
                // A broken connection is the client's affair; it sees its own error.
                let _ = builder
                    .serve_connection(TokioIo::new(socket), service)
                    .await;
            });
        }
    }

    /// Answers a request. What it wrote has the virtual clock's instant as its `LastModified`, like what the runner puts
    /// there itself: whoever looks for what is old compares it with that clock.
    async fn answer(self, request: Request<Incoming>) -> Result<HttpResponse, HttpError> {
        let writes = request.method() == Method::PUT;
        let path = percent_decode_str(request.uri().path().trim_start_matches('/'));
        let path = self.root.join(&*path.decode_utf8_lossy());
        let response = hyper::service::Service::call(&self.service, request).await?;
        if writes && response.status().is_success() {
            stamp(&path, self.clock.now()).map_err(|error| HttpError::new(Box::new(error)))?;
        }
        Ok(response)
    }

    /// Stores an object whose key the runner made itself; `at`, on the virtual clock, is its `LastModified`.
    pub(crate) fn put(
        &self,
        bucket: &str,
        key: &str,
        content: &[u8],
        at: Timestamp,
    ) -> std::io::Result<()> {
        let path = self.root.join(bucket).join(key);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/")))?;
        write_whole(&path, content)?;
        stamp(&path, at)
    }
}

/// Dates an object. One that is gone by now needs no instant, nor does a bucket, which is a folder.
fn stamp(path: &Path, at: Timestamp) -> std::io::Result<()> {
    match File::options().write(true).open(path) {
        Ok(file) => file.set_modified(at.into()),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::IsADirectory => Ok(()),
            _ => Err(error),
        },
    }
}
