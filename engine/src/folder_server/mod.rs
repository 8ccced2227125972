//! The built-in loopback server: gives a folder or a single page an http: origin, so that relative requests work.
//!
//! It serves GET and HEAD of files below one root, and a few endpoints for trying things out: `/__echo` answers with
//! what was sent, `/__delay?ms=N` answers late. It listens on 127.0.0.1 only, on a port of the system's choice, and
//! lives as long as its [`FolderServer`].
//!
//! Each connection has a thread of its own, so it answers while the page's thread waits in a synchronous request.

mod connection;
mod content_type;
mod endpoints;
mod path;
mod target;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use url::Url;

pub use content_type::content_type;
pub use path::{Resolved, resolve};
pub use target::TargetFile;

/// More connections than this at a time are closed unanswered.
const MAX_CONNECTIONS: usize = 256;

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct FolderServer {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    listener: Option<JoinHandle<()>>,
}

impl FolderServer {
    /// Serves the files below `root`.
    ///
    /// # Errors
    /// When the folder cannot be opened or no socket can be had.
    pub fn start(root: &Path) -> io::Result<Self> {
        let root = root.canonicalize()?;
        if !root.is_dir() {
            return Err(io::Error::new(
                io::ErrorKind::NotADirectory,
                format!("{} is not a folder", root.display()),
            ));
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let stop = Arc::new(AtomicBool::new(false));
        let thread = {
            let stop = Arc::clone(&stop);
            std::thread::Builder::new()
                .name("readystate-serve".to_owned())
                .spawn(move || accept(&listener, &Arc::new(root), &stop))?
        };
        Ok(Self {
            address,
            stop,
            listener: Some(thread),
        })
    }

    /// The address listened on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server's root as a URL, with a slash at the end.
    ///
    /// # Panics
    /// Never: an address is always a valid URL host.
    #[must_use]
    pub fn url(&self) -> Url {
        Url::parse(&format!("http://{}/", self.address)).expect("an address makes a valid URL")
    }
}

impl Drop for FolderServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // A connection wakes the listener out of accept().
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.listener.take() {
            drop(thread.join());
        }
    }
}

fn accept(listener: &TcpListener, root: &Arc<PathBuf>, stop: &Arc<AtomicBool>) {
    let open = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        if open.fetch_add(1, Ordering::SeqCst) >= MAX_CONNECTIONS {
            open.fetch_sub(1, Ordering::SeqCst);
            continue;
        }
        let root = Arc::clone(root);
        let stop = Arc::clone(stop);
        let done = Open(Arc::clone(&open));
        // A thread that cannot be had is a connection that is closed.
        drop(
            std::thread::Builder::new()
                .name("readystate-serve-one".to_owned())
                .spawn(move || {
                    let _done = done;
                    connection::serve(&stream, &root, &stop);
                }),
        );
    }
}

/// Counts a connection as closed, whichever way its thread ends.
struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
