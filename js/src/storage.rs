//! What `localStorage` and `sessionStorage` hold: ordered maps of texts, one for each origin.
//!
//! Standard: Web storage, <https://html.spec.whatwg.org/multipage/webstorage.html>, as of July 2026.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use readystate_xhr::Origin;

/// A text of script's: UTF-16 code units, lone surrogates included.
pub type Units = Vec<u16>;

/// Which of the two storages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StorageKind {
    /// `localStorage`: a browser's.
    Local,
    /// `sessionStorage`: a page's.
    Session,
}

/// The storage areas of all origins. Clones share them; may be used from several threads.
///
/// Standard: <https://storage.spec.whatwg.org/#storage-shed>
#[derive(Clone, Debug, Default)]
pub struct StorageShed(Arc<Mutex<BTreeMap<String, Arc<StorageArea>>>>);

impl StorageShed {
    /// The area of an origin; `None` for an opaque one, which has none.
    ///
    /// Standard: <https://storage.spec.whatwg.org/#obtain-a-storage-shelf>
    #[must_use]
    pub fn area(&self, origin: &Origin) -> Option<Arc<StorageArea>> {
        // 1. – 2. A key that is failure for opaque origins.
        (!origin.is_opaque()).then(|| self.area_named(&origin.serialize()))
    }

    /// The area of an origin by its serialization.
    #[must_use]
    pub fn area_named(&self, origin: &str) -> Arc<StorageArea> {
        Arc::clone(lock(&self.0).entry(origin.to_owned()).or_default())
    }

    /// A shed of its own that holds the same at first.
    ///
    /// Standard: <https://storage.spec.whatwg.org/#legacy-clone-a-traversable-storage-shed>
    #[must_use]
    pub fn copied(&self) -> Self {
        let copy = |(origin, area): (String, Arc<StorageArea>)| (origin, Arc::new(area.copied()));
        Self(Arc::new(Mutex::new(
            self.areas().into_iter().map(copy).collect(),
        )))
    }

    /// All areas that hold something, with their origins' serializations, sorted.
    #[must_use]
    pub fn areas(&self) -> Vec<(String, Arc<StorageArea>)> {
        lock(&self.0)
            .iter()
            .filter(|(_, area)| !area.is_empty())
            .map(|(origin, area)| (origin.clone(), Arc::clone(area)))
            .collect()
    }
}

/// One origin's texts by key, in the order in which the keys came.
#[derive(Debug, Default)]
pub struct StorageArea(Mutex<Bottle>);

#[derive(Debug, Default)]
struct Bottle {
    places: HashMap<Units, u64>,
    entries: BTreeMap<u64, (Units, Units)>,
    next: u64,
    used: usize,
}

/// Setting an item would have exceeded [`StorageArea::QUOTA`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaExceeded;

impl StorageArea {
    /// How many code units the keys and values of an area may have together: 5,242,880, as in browsers.
    pub const QUOTA: usize = 5 << 20;

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        lock(&self.0).entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The key at `index`.
    #[must_use]
    pub fn key(&self, index: usize) -> Option<Units> {
        lock(&self.0)
            .entries
            .values()
            .nth(index)
            .map(|(key, _)| key.clone())
    }

    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &[u16]) -> Option<Units> {
        let bottle = lock(&self.0);
        let place = bottle.places.get(key)?;
        bottle.entries.get(place).map(|(_, value)| value.clone())
    }

    /// Keys and values in order.
    #[must_use]
    pub fn entries(&self) -> Vec<(Units, Units)> {
        lock(&self.0).entries.values().cloned().collect()
    }

    /// Sets the value of `key` and gives the one before.
    ///
    /// # Errors
    /// [`QuotaExceeded`]; then nothing changes.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-setitem>
    pub fn set(&self, key: &[u16], value: &[u16]) -> Result<Option<Units>, QuotaExceeded> {
        let bottle = &mut *lock(&self.0);
        // 1. – 3. The value before.
        let place = bottle.places.get(key).copied();
        let before = place
            .and_then(|place| bottle.entries.get(&place))
            .map_or(0, |(key, value)| key.len() + value.len());
        // 4. If it cannot be stored: QuotaExceededError.
        let used = bottle.used - before + key.len() + value.len();
        if used > Self::QUOTA {
            return Err(QuotaExceeded);
        }
        // 5. – 6. Store it; a key keeps its place.
        bottle.used = used;
        if let Some((_, stored)) = place.and_then(|place| bottle.entries.get_mut(&place)) {
            return Ok(Some(std::mem::replace(stored, value.to_vec())));
        }
        let place = bottle.next;
        bottle.next += 1;
        bottle.places.insert(key.to_vec(), place);
        bottle.entries.insert(place, (key.to_vec(), value.to_vec()));
        Ok(None)
    }

    /// Removes `key` and gives its value.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-removeitem>
    pub fn remove(&self, key: &[u16]) -> Option<Units> {
        let bottle = &mut *lock(&self.0);
        let place = bottle.places.remove(key)?;
        let (key, value) = bottle.entries.remove(&place)?;
        bottle.used -= key.len() + value.len();
        Some(value)
    }

    /// An area of its own that holds the same at first.
    fn copied(&self) -> Self {
        let bottle = lock(&self.0);
        Self(Mutex::new(Bottle {
            places: bottle.places.clone(),
            entries: bottle.entries.clone(),
            next: bottle.next,
            used: bottle.used,
        }))
    }

    /// Removes everything. Whether there was anything.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-clear>
    pub fn clear(&self) -> bool {
        let bottle = std::mem::take(&mut *lock(&self.0));
        !bottle.entries.is_empty()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
