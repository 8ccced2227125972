//! Where an embedder finds the string it has made of an attribute's value.
//!
//! OPTIMIZATION: script reads the same attributes again and again, and a new string costs more than everything else there.
//! The embedder keeps the last [`VALUE_SLOTS`] strings in a ring; an attribute knows its place until its value changes or
//! the ring comes round. Nothing has to be given back.

use crate::arena::{NodeId, Tree};

/// Places of the ring, numbered from 1.
pub const VALUE_SLOTS: u32 = 1 << 15;

/// Longer values, in bytes, are not kept.
const MAX_KEPT_LENGTH: usize = 256;

/// What is known of an attribute's value.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum ValueSlot {
    /// There is no such attribute.
    Absent,
    /// The string is in this place.
    Kept(u32),
    /// The string is to be made, and put into this place.
    New(u32),
    /// The string is to be made, and not kept.
    Unkept,
}

/// How many strings were put into the ring so far.
#[derive(Debug, Default)]
pub(crate) struct ValueSlots(u32);

impl Tree {
    /// Where the string of the value of the attribute with the qualified name `name` is, or is to be put.
    pub fn attribute_value_slot(&mut self, id: NodeId, name: &str) -> ValueSlot {
        let Some(index) = self.attribute_index(id, name) else {
            return ValueSlot::Absent;
        };
        let made = self.value_slots.0;
        let Some(attribute) = self.attributes(id).get(index) else {
            return ValueSlot::Absent;
        };
        if attribute.value_slot.get() != 0 && made - attribute.value_slot.get() < VALUE_SLOTS {
            return ValueSlot::Kept(place(attribute.value_slot.get()));
        }
        // NOTE: numbers are not used twice; after the last one nothing is kept any more.
        if attribute.value.len() > MAX_KEPT_LENGTH || made == u32::MAX {
            return ValueSlot::Unkept;
        }
        attribute.value_slot.set(made + 1);
        self.value_slots.0 = made + 1;
        ValueSlot::New(place(made + 1))
    }
}

fn place(number: u32) -> u32 {
    number % VALUE_SLOTS + 1
}
