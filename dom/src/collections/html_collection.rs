//! Lists of elements by name.
