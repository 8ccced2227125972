//! HTTP archives (HAR 1.2): recording what a browser's pages request, and answering from such a recording.
//!
//! Format: <http://www.softwareishard.com/blog/har-12-spec/>

mod entry;
mod recorder;
mod replay;
mod timestamp;

pub(crate) use recorder::HarRecorder;
pub(crate) use replay::HarReplay;
