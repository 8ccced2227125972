//! JavaScript for readystate: the agent, its windows, the interfaces of the web platform.
pub mod host;
