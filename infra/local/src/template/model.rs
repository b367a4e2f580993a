//! What the template asks for, as values that the rest of the runner uses.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

/// Everything that the runner has to be.
#[derive(Debug, Default)]
pub(crate) struct Stack {
    pub(crate) functions: Vec<FunctionSpec>,
    pub(crate) routes: Vec<Route>,
    pub(crate) schedules: Vec<Schedule>,
    pub(crate) queues: Vec<QueueSpec>,
    pub(crate) sources: Vec<EventSource>,
    pub(crate) tables: Vec<TableSpec>,
    pub(crate) buckets: Vec<String>,
    pub(crate) receipt_rules: Vec<ReceiptRule>,
    pub(crate) configuration_sets: Vec<ConfigurationSet>,
    pub(crate) event_rules: Vec<EventRule>,
    pub(crate) secrets: Vec<SecretSpec>,
    /// What operators are told of the stack: `TableName` as `TABLE_NAME`.
    pub(crate) outputs: BTreeMap<String, String>,
}

/// One Lambda function.
#[derive(Debug, Clone)]
pub(crate) struct FunctionSpec {
    /// Logical id in the template.
    pub(crate) id: String,
    /// Cargo package and binary: the last folder of `CodeUri`.
    pub(crate) package: String,
    pub(crate) timeout: Duration,
    pub(crate) memory_mib: u64,
    pub(crate) environment: BTreeMap<String, String>,
    /// Reserved concurrency, if the template sets one.
    pub(crate) reserved: Option<usize>,
    pub(crate) asynchronous: AsyncConfig,
}

/// What happens to an asynchronous event that fails.
#[derive(Debug, Clone)]
pub(crate) struct AsyncConfig {
    /// Tries after the first.
    pub(crate) retries: u32,
    /// Older events are not tried again.
    pub(crate) max_age: Duration,
    /// Queue name that gets what cannot be done.
    pub(crate) on_failure: Option<String>,
}

impl Default for AsyncConfig {
    fn default() -> Self {
        Self {
            retries: 2,
            max_age: Duration::from_hours(6),
            on_failure: None,
        }
    }
}

/// One HTTP API route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// Upper-case method, or `ANY`.
    pub(crate) method: String,
    /// `/tickets/{number}`, or `$default`.
    pub(crate) path: String,
    pub(crate) function: String,
}

impl Route {
    /// `GET /tickets/{number}`, as API Gateway writes it.
    pub(crate) fn key(&self) -> String {
        if self.path == "$default" {
            self.path.clone()
        } else {
            format!("{} {}", self.method, self.path)
        }
    }
}

/// A rate schedule; its ticks stand on multiples of the period.
#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pub(crate) id: String,
    pub(crate) period: Duration,
    pub(crate) function: String,
    /// Input text with scheduler placeholders.
    pub(crate) input: Option<String>,
}

impl Schedule {
    /// The first tick at or after `at`.
    pub(crate) fn tick_from(&self, at: Timestamp) -> Timestamp {
        let period = i64::try_from(self.period.as_millis())
            .unwrap_or(60_000)
            .max(1);
        let millis = at.as_millisecond() + i64::from(at.subsec_nanosecond() % 1_000_000 > 0);
        let tick = millis.div_euclid(period) * period;
        let tick = if tick < millis { tick + period } else { tick };
        Timestamp::from_millisecond(tick).unwrap_or(Timestamp::MAX)
    }
}

/// One queue.
#[derive(Debug, Clone)]
pub(crate) struct QueueSpec {
    pub(crate) name: String,
    pub(crate) visibility: Duration,
    pub(crate) delay: Duration,
    pub(crate) max_bytes: usize,
    pub(crate) redrive: Option<Redrive>,
}

/// Where messages go that were received too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redrive {
    /// Name of the dead-letter queue.
    pub(crate) queue: String,
    pub(crate) max_receives: u32,
}

/// A queue that a function consumes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventSource {
    pub(crate) queue: String,
    pub(crate) function: String,
    pub(crate) batch_size: usize,
    pub(crate) max_concurrency: usize,
    /// Whether the answer may name single failed records.
    pub(crate) partial: bool,
}

/// One table, as the `CreateTable` request that makes it.
#[derive(Debug, Clone)]
pub(crate) struct TableSpec {
    pub(crate) name: String,
    pub(crate) create: serde_json::Value,
    pub(crate) ttl_attribute: Option<String>,
}

/// Mail to these recipients is stored and handed to a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReceiptRule {
    /// Addresses, domains or `.domain` suffixes; empty means all.
    pub(crate) recipients: Vec<String>,
    pub(crate) bucket: String,
    pub(crate) prefix: String,
    pub(crate) function: String,
}

impl ReceiptRule {
    /// Whether SES would apply the rule to this recipient.
    pub(crate) fn takes(&self, address: &str) -> bool {
        let address = address.to_lowercase();
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        self.recipients.is_empty()
            || self.recipients.iter().any(|rule| {
                let rule = rule.to_lowercase();
                if rule.starts_with('.') {
                    domain.ends_with(&rule)
                } else if rule.contains('@') {
                    rule == address || plain(&address) == rule
                } else {
                    rule == domain
                }
            })
    }
}

/// SES matches `user@` rules for `user+label@` too.
fn plain(address: &str) -> String {
    match address.split_once('@') {
        Some((local, domain)) => {
            let local = local.split('+').next().unwrap_or(local);
            format!("{local}@{domain}")
        }
        None => address.to_owned(),
    }
}

/// A configuration set of SES.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConfigurationSet {
    pub(crate) name: String,
    /// The event types of which SES tells the default event bus, in capitals.
    pub(crate) tells_of: Vec<String>,
}

/// A rule of the default event bus that hands events to a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventRule {
    pub(crate) function: String,
    /// Sources that it takes; empty means any.
    pub(crate) sources: Vec<String>,
    /// Detail types that it takes; empty means any.
    pub(crate) detail_types: Vec<String>,
}

impl EventRule {
    /// Whether `EventBridge` would hand over an event of this source and detail type.
    pub(crate) fn takes(&self, source: &str, detail_type: &str) -> bool {
        let any_or =
            |list: &[String], item: &str| list.is_empty() || list.iter().any(|i| i == item);
        any_or(&self.sources, source) && any_or(&self.detail_types, detail_type)
    }
}

/// A secret and how its first value comes about.
#[derive(Debug, Clone)]
pub(crate) struct SecretSpec {
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) value: SecretValue,
}

/// Literal text, or characters to be drawn once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SecretValue {
    /// The template states the value.
    Literal(String),
    /// The value is drawn when the data directory is new.
    Generated {
        /// JSON object text that the drawn value is put into, with its key.
        into: Option<(String, String)>,
        length: usize,
        alphabet: String,
    },
}
