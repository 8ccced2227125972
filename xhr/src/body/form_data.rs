//! Form data: the entry list behind `FormData` objects and form submission.
//!
//! Standards: XMLHttpRequest, <https://xhr.spec.whatwg.org/#interface-formdata>, at d375b285; HTML,
//! <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#entry-list>, as of July 2026.

use super::Blob;

/// An entry list.
///
/// Standard: <https://xhr.spec.whatwg.org/#concept-formdata-entry-list>
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct FormData {
    entries: Vec<FormDataEntry>,
}

/// A name and a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FormDataEntry {
    /// The name, not escaped.
    pub name: String,
    /// The value.
    pub value: FormDataEntryValue,
}

/// An entry's value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FormDataEntryValue {
    /// A scalar value string.
    Text(String),
    /// A file.
    File(File),
}

/// A blob with a file name.
///
/// Standard: <https://w3c.github.io/FileAPI/#file-section>
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct File {
    /// Bytes and type.
    pub blob: Blob,
    /// The name, not escaped.
    pub name: String,
}

impl FormData {
    /// An empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
        }
    }

    /// Adds an entry at the end.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-formdata-append>
    pub fn append(&mut self, name: impl Into<String>, value: impl Into<FormDataEntryValue>) {
        let name = name.into();
        let value = value.into();
        self.entries.push(FormDataEntry { name, value });
    }

    /// Gives the first entry called `name` the value and removes the others; appends if there is none.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-formdata-set>
    pub fn set(&mut self, name: &str, value: impl Into<FormDataEntryValue>) {
        // 3. Replace the first, remove the others.
        let Some(first) = self.entries.iter().position(|entry| entry.name == name) else {
            // 4. None there: append.
            self.append(name, value);
            return;
        };
        if let Some(entry) = self.entries.get_mut(first) {
            entry.value = value.into();
        }
        let mut index = 0;
        self.entries.retain(|entry| {
            let keep = entry.name != name || index == first;
            index += 1;
            keep
        });
    }

    /// Removes all entries called `name`.
    pub fn delete(&mut self, name: &str) {
        self.entries.retain(|entry| entry.name != name);
    }

    /// The value of the first entry called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FormDataEntryValue> {
        self.entries
            .iter()
            .find(|entry| entry.name == name)
            .map(|entry| &entry.value)
    }

    /// The values of all entries called `name`, in order.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a FormDataEntryValue> {
        self.entries
            .iter()
            .filter(move |entry| entry.name == name)
            .map(|entry| &entry.value)
    }

    /// Whether there is an entry called `name`.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The entries in order.
    #[must_use]
    pub fn entries(&self) -> &[FormDataEntry] {
        &self.entries
    }
}

impl From<&str> for FormDataEntryValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for FormDataEntryValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<File> for FormDataEntryValue {
    fn from(file: File) -> Self {
        Self::File(file)
    }
}

impl From<Blob> for FormDataEntryValue {
    /// A blob that is not a file gets the name `blob`.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#create-an-entry>
    fn from(blob: Blob) -> Self {
        Self::File(File {
            blob,
            name: "blob".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_and_values(form_data: &FormData) -> Vec<(&str, &str)> {
        form_data
            .entries()
            .iter()
            .map(|entry| match &entry.value {
                FormDataEntryValue::Text(text) => (entry.name.as_str(), text.as_str()),
                FormDataEntryValue::File(file) => (entry.name.as_str(), file.name.as_str()),
            })
            .collect()
    }

    #[test]
    fn set_replaces_the_first_in_place_and_removes_the_rest() {
        let mut form_data = FormData::new();
        for (name, value) in [("a", "1"), ("b", "2"), ("a", "3"), ("c", "4")] {
            form_data.append(name, value);
        }
        form_data.set("a", "9");
        form_data.set("d", "5");
        assert_eq!(
            names_and_values(&form_data),
            [("a", "9"), ("b", "2"), ("c", "4"), ("d", "5")]
        );
    }

    #[test]
    fn delete_removes_all_of_a_name() {
        let mut form_data = FormData::new();
        for (name, value) in [("a", "1"), ("b", "2"), ("a", "3")] {
            form_data.append(name, value);
        }
        assert_eq!(form_data.get_all("a").count(), 2);
        form_data.delete("a");
        assert!(!form_data.has("a"));
        assert_eq!(form_data.get("b"), Some(&"2".into()));
    }

    #[test]
    fn a_blob_becomes_a_file_called_blob() {
        let mut form_data = FormData::new();
        form_data.append("x", Blob::new(b"1".to_vec(), "text/plain"));
        assert_eq!(names_and_values(&form_data), [("x", "blob")]);
    }
}
