//! S3: `s3s-fs` over a folder per bucket, path style, signatures checked.

use std::fs::File;
use std::path::{Path, PathBuf};

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use jiff::Timestamp;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;

use crate::data_dir::write_whole;
use crate::environment::{ACCESS_KEY, SECRET_KEY};
use crate::stop::{Doing, Stop};

/// The bucket folders and the service over them.
#[derive(Clone)]
pub(crate) struct Buckets {
    root: PathBuf,
    service: S3Service,
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
        Ok(Self { root, service })
    }

    /// Serves the API until the runner ends.
    pub(crate) async fn serve(self, listener: TcpListener) {
        loop {
            let Ok((socket, _)) = listener.accept().await else {
                continue;
            };
            let service = self.service.clone();
            tokio::spawn(async move {
                let builder = Builder::new(TokioExecutor::new());
                // A broken connection is the client's affair; it sees its own error.
                let _ = builder
                    .serve_connection(TokioIo::new(socket), service)
                    .await;
            });
        }
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
        File::options()
            .write(true)
            .open(&path)?
            .set_modified(at.into())
    }
}
