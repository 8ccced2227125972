//! The XMLHttpRequest standard, as a state machine.
