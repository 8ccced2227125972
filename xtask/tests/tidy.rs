//! Tidy tests: what style and architecture ask of the sources themselves. They read files and need no engine.

#[path = "tidy/arrows.rs"]
mod arrows;
#[path = "tidy/glue.rs"]
mod glue;
#[path = "tidy/sources.rs"]
mod sources;
#[path = "tidy/tree.rs"]
mod tree;
