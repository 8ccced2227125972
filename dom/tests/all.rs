//! The one integration binary of the crate; each module covers one concept.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test fails by panicking"
)]

mod attributes;
mod character_data;
mod clone;
mod collections;
mod controls;
mod custom_elements;
mod deep_trees;
mod document_write;
mod effects;
mod html_fragment;
mod html_fuzz;
mod html_hostile;
mod html_parsing;
mod html_serializing;
mod html_suite;
mod inner_text;
mod insertion;
mod lifetime;
mod live_ranges;
mod mutation_records;
mod namespaces;
mod page;
mod pseudo_classes;
mod random;
mod range_contents;
mod selector_fuzz;
mod selectors;
mod shadow_fuzz;
mod shadow_trees;
mod style_declarations;
mod style_sheets;
mod suites;
mod tree_fuzz;
mod tree_order;
mod xml_checks;
mod xml_entities;
mod xml_fragment;
mod xml_fuzz;
mod xml_mutations;
mod xml_scripts;
mod xml_serialization;
mod xml_suite;
mod xml_well_formedness;
mod xpath;
