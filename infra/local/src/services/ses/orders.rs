//! Orders to misbehave, given over `POST /_local/ses`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// What SES shall do with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Behaviour {
    /// Accept and deliver.
    Ok,
    /// Refuse: the sending rate is exceeded.
    Throttle,
    /// Refuse: the daily quota is used up.
    Quota,
    /// Refuse this mail for good.
    Reject,
    /// Accept, and send the sender a delivery status notification.
    Bounce,
    /// Accept, but never send: the address is on the account's suppression list.
    Suppress,
    /// Accept and deliver; its recipient calls it unwanted.
    Complain,
    /// Accept, and go on trying to deliver.
    Delay,
    /// Accept, find a virus, and not send it.
    Harmful,
    /// Accept and keep, but never answer: the caller must be killed or time out.
    Stall,
    /// As `stall`, and the event bus never hears of the mail either.
    Vanish,
}

/// One order: for an address until changed, for the next `next` mails, or for all.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    answer: Behaviour,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    next: Option<u64>,
}

/// The standing orders; they end with the runner.
#[derive(Debug, Default)]
pub(crate) struct Orders(Mutex<State>);

/// What stands, as `GET /_local/ses` shows it.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct State {
    addresses: BTreeMap<String, Standing>,
    everyone: Option<Standing>,
}

#[derive(Debug, Clone, Copy, Serialize)]
struct Standing {
    answer: Behaviour,
    left: Option<u64>,
}

impl Orders {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an order; `ok` without an address withdraws all.
    pub(crate) fn give(&self, order: Order) -> State {
        let mut state = self.state();
        let standing = Standing {
            answer: order.answer,
            left: order.next,
        };
        match (order.address, order.answer) {
            (None, Behaviour::Ok) => *state = State::default(),
            (None, _) => state.everyone = Some(standing),
            (Some(address), Behaviour::Ok) => {
                state.addresses.remove(&address.to_lowercase());
            }
            (Some(address), _) => {
                state.addresses.insert(address.to_lowercase(), standing);
            }
        }
        state.clone()
    }

    /// The standing orders.
    pub(crate) fn standing(&self) -> State {
        self.state().clone()
    }

    /// What to do with a mail to these recipients; uses up one count of the order that applies.
    pub(crate) fn apply(&self, recipients: &[String]) -> Behaviour {
        let mut state = self.state();
        for recipient in recipients {
            let address = recipient.to_lowercase();
            if let Some(behaviour) = simulator(&address) {
                return behaviour;
            }
            if let Some(standing) = state.addresses.get_mut(&address) {
                let answer = standing.answer;
                if use_up(standing) {
                    state.addresses.remove(&address);
                }
                return answer;
            }
        }
        if let Some(standing) = &mut state.everyone {
            let answer = standing.answer;
            if use_up(standing) {
                state.everyone = None;
            }
            return answer;
        }
        Behaviour::Ok
    }
}

/// SES's mailbox simulator: <https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html>.
fn simulator(address: &str) -> Option<Behaviour> {
    let local = address.strip_suffix("@simulator.amazonses.com")?;
    let label = local.split_once('+').map_or(local, |(name, _)| name);
    Some(match label {
        "bounce" => Behaviour::Bounce,
        "complaint" => Behaviour::Complain,
        "suppressionlist" => Behaviour::Suppress,
        _ => Behaviour::Ok,
    })
}

/// Counts one use; true when the order has ended.
fn use_up(standing: &mut Standing) -> bool {
    match &mut standing.left {
        None => false,
        Some(left) => {
            *left = left.saturating_sub(1);
            *left == 0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(text: &str) -> Order {
        serde_json::from_str(text).unwrap()
    }

    fn to(address: &str) -> Vec<String> {
        vec![address.to_owned()]
    }

    #[test]
    fn an_order_for_the_next_two_ends_after_two() {
        let orders = Orders::default();
        orders.give(order(r#"{"answer":"throttle","next":2}"#));
        let answers = [(); 3].map(|()| orders.apply(&to("a@x")));
        assert_eq!(
            answers,
            [Behaviour::Throttle, Behaviour::Throttle, Behaviour::Ok]
        );
    }

    #[test]
    fn an_order_for_an_address_touches_nobody_else_and_stands_until_withdrawn() {
        let orders = Orders::default();
        orders.give(order(r#"{"answer":"bounce","address":"Gone@X"}"#));
        assert_eq!(orders.apply(&to("a@x")), Behaviour::Ok);
        assert_eq!(orders.apply(&to("gone@x")), Behaviour::Bounce);
        assert_eq!(orders.apply(&to("gone@x")), Behaviour::Bounce);
        orders.give(order(r#"{"answer":"ok","address":"gone@x"}"#));
        assert_eq!(orders.apply(&to("gone@x")), Behaviour::Ok);
    }

    #[test]
    fn the_addresses_of_the_mailbox_simulator_behave_as_those_of_ses() {
        let orders = Orders::default();
        for (address, behaviour) in [
            ("bounce@simulator.amazonses.com", Behaviour::Bounce),
            ("Bounce+label@simulator.amazonses.com", Behaviour::Bounce),
            ("complaint@simulator.amazonses.com", Behaviour::Complain),
            (
                "suppressionlist@simulator.amazonses.com",
                Behaviour::Suppress,
            ),
            ("success@simulator.amazonses.com", Behaviour::Ok),
            ("bounce@example.net", Behaviour::Ok),
        ] {
            assert_eq!(orders.apply(&to(address)), behaviour, "{address}");
        }
    }

    #[test]
    fn a_misspelt_order_is_refused() {
        let read = serde_json::from_str::<Order>(r#"{"answer":"throttle","adress":"a@x"}"#);
        assert!(read.is_err());
    }
}
