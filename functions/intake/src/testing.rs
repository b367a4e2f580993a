//! What tests of several modules need: the ready policy, visits and requests.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use policy::{Lang, Policy};
use runtime::http::Request;

use crate::texts::{self, EN};
use crate::visit::Visit;

pub(crate) fn lang(tag: &str) -> Lang {
    Lang::new(tag).unwrap()
}

pub(crate) fn policy() -> Arc<Policy> {
    let source = include_str!("../../../infra/policies/web-host-au/policy.toml");
    let page = include_str!("../../../infra/policies/web-host-au/page.en.md");
    let pages = BTreeMap::from([(lang("en"), page.to_owned())]);
    Arc::new(Policy::parse(source, "policy.toml", pages).unwrap())
}

pub(crate) fn visit(tag: &str) -> Visit {
    let lang = lang(tag);
    Visit {
        policy: policy(),
        texts: texts::of(&lang).unwrap_or(&EN),
        lang,
        busy: None,
        declared: Vec::new(),
        at: None,
    }
}

/// A request to a route with this query and `Accept-Language`.
pub(crate) fn request(query: &str, languages: &str) -> Request {
    let event = serde_json::json!({
        "routeKey": "GET /",
        "rawQueryString": query,
        "headers": { "accept-language": languages },
        "requestContext": { "requestId": "request", "timeEpoch": 0 },
    });
    Request::of(serde_json::from_value(event).unwrap()).unwrap()
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}
