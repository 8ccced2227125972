//! Which slots of the arena wait for another node, and which of them is next.
//!
//! OPTIMIZATION: nodes that are made one after the other are used together, so that they go into a block that has room for
//! many of them, in the order of their numbers. Blocks with few gaps stay as they are, so that up to a quarter of the slots
//! waits for nothing; an arena of one block fills every gap.

use crate::node::links::{BLOCK, BLOCK_LENGTH};

/// How many gaps one of several blocks must have to be filled.
const WORTH_FILLING: u32 = BLOCK_LENGTH as u32 / 4;

const WORDS: usize = BLOCK_LENGTH / 64;

/// The gaps of one block.
#[derive(Debug, Default, Clone)]
struct Gaps {
    /// A bit for each slot.
    bits: [u64; WORDS],
    count: u32,
}

/// The slots that were given back, by blocks.
#[derive(Debug, Default)]
pub(crate) struct FreeSlots {
    blocks: Vec<Gaps>,
    /// The block that is filled.
    current: Option<usize>,
    /// All words of it before this one are zero.
    word: usize,
    /// Some other block may be worth filling.
    has_others: bool,
}

impl FreeSlots {
    /// One more block of slots, none of which is free.
    pub(crate) fn add_block(&mut self) {
        self.blocks.push(Gaps::default());
    }

    /// A slot to be used; `None` if a new one is better.
    #[inline]
    pub(crate) fn take(&mut self) -> Option<u32> {
        if self.current.is_none() && !self.has_others {
            return None;
        }
        self.take_from_gaps()
    }

    fn take_from_gaps(&mut self) -> Option<u32> {
        loop {
            let current = match self.current {
                Some(current) => current,
                None => self.choose()?,
            };
            let gaps = self.blocks.get_mut(current)?;
            while let Some(bits) = gaps.bits.get_mut(self.word) {
                if *bits == 0 {
                    self.word += 1;
                    continue;
                }
                let slot = (current << BLOCK) + (self.word << 6) + bits.trailing_zeros() as usize;
                *bits &= *bits - 1;
                gaps.count -= 1;
                return u32::try_from(slot).ok();
            }
            self.current = None;
        }
    }

    fn worth_filling(&self) -> u32 {
        if self.blocks.len() == 1 {
            1
        } else {
            WORTH_FILLING
        }
    }

    /// Chooses the next block to fill: the first one that is worth it.
    fn choose(&mut self) -> Option<usize> {
        let least = self.worth_filling();
        self.current = self.blocks.iter().position(|gaps| gaps.count >= least);
        self.word = 0;
        self.has_others = self.current.is_some();
        self.current
    }

    /// The node of `slot` is gone.
    #[inline]
    pub(crate) fn give_back(&mut self, slot: u32) {
        let slot = slot as usize;
        let block = slot >> BLOCK;
        let word = (slot & (BLOCK_LENGTH - 1)) >> 6;
        let least = self.worth_filling();
        let Some(gaps) = self.blocks.get_mut(block) else {
            return;
        };
        if let Some(bits) = gaps.bits.get_mut(word) {
            *bits |= 1 << (slot & 63);
        }
        gaps.count += 1;
        if self.current == Some(block) {
            self.word = self.word.min(word);
        } else if gaps.count >= least {
            self.has_others = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_blocks(count: usize) -> FreeSlots {
        let mut free = FreeSlots::default();
        for _ in 0..count {
            free.add_block();
        }
        free
    }

    #[test]
    fn a_block_with_many_gaps_is_filled_in_order() {
        let mut free = of_blocks(3);
        let gaps: Vec<u32> = (1_024..1_024 + 600).step_by(2).collect();
        for &slot in gaps.iter().rev() {
            free.give_back(slot);
        }
        let taken: Vec<u32> = std::iter::from_fn(|| free.take()).collect();
        assert_eq!(taken, gaps);
    }

    #[test]
    fn a_few_gaps_stay_until_there_are_more() {
        let mut free = of_blocks(2);
        for slot in 0..WORTH_FILLING - 1 {
            free.give_back(1_024 + slot);
        }
        assert_eq!(free.take(), None);
        free.give_back(2_047);
        assert_eq!(free.take(), Some(1_024));
        // The block that is filled takes back what is given back to it.
        free.give_back(1_024);
        assert_eq!(free.take(), Some(1_024));
        assert_eq!(free.take(), Some(1_025));
    }

    #[test]
    fn the_only_block_fills_every_gap() {
        let mut free = of_blocks(1);
        for slot in [9, 3] {
            free.give_back(slot);
        }
        assert_eq!([(); 3].map(|()| free.take()), [Some(3), Some(9), None]);
    }

    #[test]
    fn every_slot_is_given_out_once() {
        let mut free = of_blocks(4);
        for slot in 1..4_096 {
            free.give_back(slot);
        }
        let mut taken: Vec<u32> = std::iter::from_fn(|| free.take()).collect();
        taken.sort_unstable();
        assert_eq!(taken, (1..4_096).collect::<Vec<_>>());
        assert_eq!(free.take(), None);
    }
}
