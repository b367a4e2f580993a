//! The one thread that starts processes.

use std::sync::mpsc;

use tokio::process::{Child, Command};
use tokio::sync::oneshot;

/// Starts processes from one thread that lives as long as the runner.
///
/// Linux kills a child when the *thread* that made it ends; a pool thread may end early.
#[derive(Debug, Clone)]
pub(crate) struct Launcher(mpsc::Sender<Order>);

type Order = (Command, oneshot::Sender<std::io::Result<Child>>);

impl Launcher {
    /// Starts the thread; it ends with the last launcher.
    pub(crate) fn start() -> std::io::Result<Self> {
        let (orders, inbox) = mpsc::channel::<Order>();
        let runtime = tokio::runtime::Handle::current();
        std::thread::Builder::new()
            .name("launcher".to_owned())
            .spawn(move || {
                let _inside = runtime.enter();
                for (mut command, answer) in inbox {
                    // Nobody to answer means that the runner is stopping.
                    let _ = answer.send(command.spawn());
                }
            })?;
        Ok(Self(orders))
    }

    /// Starts one process.
    pub(crate) async fn launch(&self, command: Command) -> std::io::Result<Child> {
        let (answer, child) = oneshot::channel();
        let gone = || std::io::Error::other("the launcher has stopped");
        self.0.send((command, answer)).map_err(|_| gone())?;
        child.await.map_err(|_| gone())?
    }
}
