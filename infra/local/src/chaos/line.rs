//! The line between the functions and a service: every call passes here, and faults happen to it here.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, Response, Uri, header};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use serde_json::Value;
use tokio::net::TcpListener;

use super::call::Call;
use super::{CALLED, Chaos, Fault, Service};
use crate::lambda::{Functions, Slot};
use crate::stop::{Doing, Stop};

/// More than any service takes.
const BODY_LIMIT: usize = 128 * 1024 * 1024;
/// How often a line whose service is away looks whether it is back.
const LOOK: Duration = Duration::from_millis(5);

/// A line that nobody serves yet.
#[derive(Debug)]
pub(crate) struct Line {
    listener: TcpListener,
    address: String,
    service: Service,
    way: Way,
}

/// What every connection of a line has.
#[derive(Debug, Clone)]
struct Way {
    chaos: Arc<Chaos>,
    /// `127.0.0.1:PORT` of the service.
    to: String,
    client: Client<HttpConnector, Body>,
}

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection was cut on purpose")]
struct Cut;

impl Line {
    /// A line before each service, if there are ports for them.
    pub(crate) fn before(
        listeners: Option<Vec<TcpListener>>,
        chaos: &Arc<Chaos>,
        services: [&str; 5],
    ) -> Result<Option<[Self; 5]>, Stop> {
        let Some(listeners) = listeners else {
            return Ok(None);
        };
        let mut lines = Vec::new();
        for ((listener, service), to) in listeners.into_iter().zip(CALLED).zip(services) {
            let address = listener.local_addr().doing("read a port's number")?;
            let client = Client::builder(TokioExecutor::new()).build_http();
            lines.push(Self {
                listener,
                address: address.to_string(),
                service,
                way: Way {
                    chaos: Arc::clone(chaos),
                    to: to.to_owned(),
                    client,
                },
            });
        }
        let lines = lines.try_into();
        lines
            .map(Some)
            .map_err(|_| Stop::new("there is not a port for every service".to_owned()))
    }

    /// `127.0.0.1:PORT` for the functions.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Serves until the runner ends. While the service is away nobody listens at its address.
    pub(crate) async fn serve(self, functions: Arc<Functions>) {
        let mut listener = Some(self.listener);
        loop {
            if self.way.chaos.is_away(self.service) {
                listener = None;
                tokio::time::sleep(LOOK).await;
                continue;
            }
            let Some(listening) = &listener else {
                listener = TcpListener::bind(&self.address).await.ok();
                continue;
            };
            let accepted = tokio::time::timeout(LOOK, listening.accept()).await;
            let Ok(Ok((socket, _))) = accepted else {
                continue;
            };
            let (way, functions) = (self.way.clone(), functions.clone());
            tokio::spawn(async move {
                let service =
                    service_fn(move |request| way.clone().pass(functions.clone(), request));
                // An error here is a cut connection, and the client's affair.
                let _ = Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(socket), service)
                    .await;
            });
        }
    }
}

impl Way {
    async fn pass(
        self,
        functions: Arc<Functions>,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, Cut> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(Body::new(body), BODY_LIMIT)
            .await
            .map_err(|_| Cut)?;
        let call = Call::read(&parts);
        if self.chaos.is_away(call.service) {
            return Err(Cut);
        }
        let slot = struck(&functions, &call);
        let place = call.place();
        let fault = slot.as_ref().and_then(|_| self.chaos.call(&place));
        let answer = match fault {
            Some(Fault::Unreached | Fault::KilledBefore | Fault::Failed | Fault::Throttled) => None,
            _ => Some(
                self.forward(Request::from_parts(parts, Body::from(body.clone())))
                    .await?,
            ),
        };
        let Some((fault, slot)) = fault.zip(slot) else {
            return answer
                .map(|(head, body)| Response::from_parts(head, Body::from(body)))
                .ok_or(Cut);
        };
        self.chaos.strike(
            name(fault),
            &place,
            answer.as_ref().and_then(|it| sent(&call, &it.1)).as_deref(),
        );
        match fault {
            Fault::Unreached | Fault::Unanswered => Err(Cut),
            Fault::Failed | Fault::Throttled => Ok(call.refusal(fault, &body)),
            Fault::KilledBefore | Fault::KilledAfter => {
                slot.kill().await;
                Err(Cut)
            }
            Fault::CutOff => {
                let (head, body) = answer.ok_or(Cut)?;
                Ok(Response::from_parts(head, half(&body)))
            }
        }
    }

    async fn forward(
        &self,
        mut request: Request<Body>,
    ) -> Result<(axum::http::response::Parts, Bytes), Cut> {
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str());
        let uri = format!("http://{}{path}", self.to);
        *request.uri_mut() = uri.parse::<Uri>().map_err(|_| Cut)?;
        let answer = self.client.request(request).await.map_err(|_| Cut)?;
        let (mut head, body) = answer.into_parts();
        let body = to_bytes(Body::new(body), BODY_LIMIT)
            .await
            .map_err(|_| Cut)?;
        head.headers.remove(header::TRANSFER_ENCODING);
        head.headers.remove(header::CONNECTION);
        Ok((head, body))
    }
}

/// The process that calls, unless it is spared: on the last try of its event the cloud would give up by design.
fn struck(functions: &Functions, call: &Call) -> Option<Arc<Slot>> {
    let (function, slot) = call.caller.as_ref()?;
    let slot = functions.get(function)?.slot(*slot)?;
    slot.may_be_struck().then_some(slot)
}

fn name(fault: Fault) -> String {
    let name = serde_json::to_value(fault).unwrap_or_default();
    name.as_str().unwrap_or_default().to_owned()
}

/// The id of the mail that this call sent.
fn sent(call: &Call, answer: &Bytes) -> Option<String> {
    let answer: Value = (call.service == Service::Ses)
        .then(|| serde_json::from_slice(answer).ok())
        .flatten()?;
    Some(answer["MessageId"].as_str()?.to_owned())
}

/// A body that breaks off in the middle, after a head that promised all of it.
fn half(body: &Bytes) -> Body {
    Body::new(Half {
        rest: Some(body.slice(..body.len() / 2)),
        whole: body.len() as u64,
    })
}

struct Half {
    rest: Option<Bytes>,
    whole: u64,
}

impl hyper::body::Body for Half {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let frame = self.rest.take().map(Frame::data).ok_or(Cut);
        Poll::Ready(Some(frame))
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        hyper::body::SizeHint::with_exact(self.whole)
    }
}
