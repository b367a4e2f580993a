//! Every loopback port, bound before anything else: a taken one is known at once.

use std::net::Ipv4Addr;
use std::path::Path;

use serde_json::json;
use tokio::net::TcpListener;

use crate::chaos;
use crate::data_dir::write_whole;
use crate::flags::Flags;
use crate::stop::{Doing, Stop};

/// Bound listeners.
#[derive(Debug)]
pub(crate) struct Ports {
    pub(crate) http: TcpListener,
    pub(crate) smtp: TcpListener,
    pub(crate) dynamodb: TcpListener,
    pub(crate) s3: TcpListener,
    pub(crate) services: TcpListener,
    pub(crate) runtime: TcpListener,
    /// Where functions reach the services of `chaos::CALLED` when faults are put in between.
    pub(crate) lines: Option<Vec<TcpListener>>,
    pub(crate) addresses: PortAddresses,
}

/// `127.0.0.1:PORT` of each.
#[derive(Debug, Clone)]
pub(crate) struct PortAddresses {
    pub(crate) http: String,
    pub(crate) smtp: String,
    pub(crate) dynamodb: String,
    pub(crate) s3: String,
    pub(crate) services: String,
    pub(crate) runtime: String,
}

impl Ports {
    /// Binds the two ports of the flags and free ones for the rest.
    pub(crate) async fn bind(flags: &Flags) -> Result<Self, Stop> {
        let http = one(flags.port, "--port").await?;
        let smtp = one(flags.smtp_port, "--smtp-port").await?;
        let dynamodb = one(0, "").await?;
        let s3 = one(0, "").await?;
        let services = one(0, "").await?;
        let runtime = one(0, "").await?;
        let address = |listener: &TcpListener| {
            let address = listener.local_addr().doing("read a port's number")?;
            Ok::<_, Stop>(address.to_string())
        };
        let addresses = PortAddresses {
            http: address(&http)?,
            smtp: address(&smtp)?,
            dynamodb: address(&dynamodb)?,
            s3: address(&s3)?,
            services: address(&services)?,
            runtime: address(&runtime)?,
        };
        let mut lines = flags.chaos.map(|_| Vec::new());
        if let Some(lines) = &mut lines {
            for _ in chaos::CALLED {
                lines.push(one(0, "").await?);
            }
        }
        Ok(Self {
            http,
            smtp,
            dynamodb,
            s3,
            services,
            runtime,
            lines,
            addresses,
        })
    }
}

impl PortAddresses {
    /// Writes the numbers for programs that asked for free ports.
    pub(crate) fn keep(&self, file: &Path) -> Result<(), Stop> {
        let number = |address: &str| -> Option<u16> { address.rsplit(':').next()?.parse().ok() };
        let text = json!({
            "http": number(&self.http),
            "smtp": number(&self.smtp),
            "dynamodb": number(&self.dynamodb),
            "s3": number(&self.s3),
            "services": number(&self.services),
            "runtime": number(&self.runtime),
        });
        write_whole(file, text.to_string().as_bytes()).doing(format!("write {}", file.display()))
    }
}

/// Binds a port; `flag` is how the person can choose another.
pub(crate) async fn one(port: u16, flag: &str) -> Result<TcpListener, Stop> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                Stop::new(format!("port {port} is taken; choose another with {flag}"))
            }
            _ => Stop::new(format!("cannot open port {port}: {error}")),
        })
}
