//! `--demo`: a week at every desk that has a story, played before your eyes and left to click through.

mod board;
mod desk;
mod journal;
mod pages;
mod story;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::tz::TimeZone;
use play::Client;
use tokio::task::JoinSet;

use crate::data_dir::DataDir;
use crate::flags::Flags;
use crate::lambda::Launcher;
use crate::stop::{Doing, Stop};
use crate::template::{self, Addresses};
use crate::{binaries, ports, print};
use board::Board;
use desk::{Desk, Start};
use story::Story;

/// Plays and serves until the future is dropped; every desk ends with it.
pub(crate) async fn serve(flags: &Flags) -> Result<(), Stop> {
    let started = Instant::now();
    let data = DataDir::open(&flags.data, flags.fresh)?;
    let listener = ports::one(flags.port, "--port").await?;
    let address = listener.local_addr().doing("read a port's number")?;
    let stories: Vec<Arc<Story>> = story::all(flags)?.into_iter().map(Arc::new).collect();
    let bin_dir = binaries::folder(flags)?;
    // Only for the names of the functions; each desk reads the template again, with its own addresses.
    let nowhere = Addresses {
        http_api: String::new(),
        sqs: String::new(),
    };
    let stack = template::load(&flags.template, nowhere).map_err(|e| Stop::new(e.to_string()))?;
    binaries::ready(&stack, flags, &bin_dir).await?;
    // Every demo begins anew; the desk that the data directory may also hold is left alone.
    let folder = data.join("demo");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).doing(format!("empty {}", folder.display()))?;
    }
    let folder = data.folder("demo")?;
    let board = Arc::new(Board::new(&stories));
    crate::cloud::spawn(listener, pages::router(board.clone()));
    print(&format!(
        "playing {} stories, watch http://{address}/",
        stories.len()
    ));
    let launcher = Launcher::start().doing("start the launcher")?;
    let mut desks = JoinSet::new();
    for story in stories {
        let (board, launcher) = (board.clone(), launcher.clone());
        let (flags, folder, bin_dir) = (flags.clone(), folder.clone(), bin_dir.clone());
        desks.spawn(async move {
            let mut desk = open(&story, &flags, &folder, &bin_dir, &launcher).await?;
            board.opened(&story.id, desk.client.clone());
            let client = desk.client.clone();
            tokio::select! {
                played = played(story.clone(), client, board.clone()) => played?,
                stop = desk.ended() => return Err(stop),
            }
            board.finished(&story.id);
            print(&format!("{}: {}", story.id, board.summary(&story.id)));
            Ok::<_, Stop>(desk)
        });
    }
    let mut open = Vec::new();
    while let Some(desk) = desks.join_next().await {
        open.push(desk.doing("play a story")??);
    }
    let seconds = started.elapsed().as_secs();
    print(&format!(
        "ready http://{address}/ ({} desks, after {seconds} s)",
        open.len()
    ));
    let mut watched: JoinSet<Stop> = JoinSet::new();
    for mut desk in open {
        watched.spawn(async move { desk.ended().await });
    }
    match watched.join_next().await {
        Some(Ok(stop)) => Err(stop),
        _ => Err(Stop::new("no desk is open any more")),
    }
}

async fn open(
    story: &Story,
    flags: &Flags,
    folder: &Path,
    bin_dir: &Path,
    launcher: &Launcher,
) -> Result<Desk, Stop> {
    let start = Start {
        id: &story.id,
        policy: &story.policy,
        at: journal::start(story),
        folder,
        bin_dir,
    };
    Desk::start(start, flags, launcher).await
}

/// Plays on a thread of its own: the player waits as people do, and nobody waits for the thread at the end.
async fn played(story: Arc<Story>, client: Client, board: Arc<Board>) -> Result<(), Stop> {
    let (done, outcome) = tokio::sync::oneshot::channel();
    let play = move || {
        let played = journal::play(&story, client, |entries| board.tell(&story.id, entries));
        // Nobody to tell means that the runner is stopping.
        let _ = done.send(played);
    };
    let thread = std::thread::Builder::new().name("player".to_owned());
    thread.spawn(play).doing("start the player")?;
    let outcome = outcome.await.doing("play a story")?;
    outcome.map_err(Stop::new)
}

/// A zone's wall time as the pages write it.
fn wall(at: jiff::Timestamp, zone: &TimeZone, format: &str) -> String {
    at.to_zoned(zone.clone()).strftime(format).to_string()
}
