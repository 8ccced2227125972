//! Values of `input` and `textarea`, and the value sanitization algorithm.
//!
//! Standard: <https://html.spec.whatwg.org/#concept-fe-value>, text of November 2026.

use std::borrow::Cow;

use html5ever::{LocalName, local_name};

use super::input_type::{InputType, ValueMode};
use super::numbers::{self, is_floating, number_text, parse_floating};
use crate::arena::{NodeId, Tree};
use crate::error::DomError;

const SPACE: [char; 5] = ['\t', '\n', '\u{c}', '\r', ' '];

impl Tree {
    /// What `value` of an `input`, and the API value of a `textarea`, is; empty for anything else. A file input gives
    /// the name of its first file after a false path.
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-input-value>
    pub fn control_value(&self, id: NodeId) -> Cow<'_, str> {
        let Some(kind) = self.input_type(id) else {
            return self.textarea_value(id);
        };
        let attribute = self.attribute_atom(id, &local_name!("value"));
        match kind.value_mode() {
            ValueMode::Value => {
                let own = self.control(id).and_then(|state| state.value.as_deref());
                self.sanitize(id, kind, own.or(attribute).unwrap_or_default())
            }
            ValueMode::Default => Cow::Borrowed(attribute.unwrap_or_default()),
            ValueMode::DefaultOn => Cow::Borrowed(attribute.unwrap_or("on")),
            ValueMode::Filename => self
                .control(id)
                .and_then(|state| state.file_name.as_deref())
                .map_or(Cow::Borrowed(""), |name| {
                    Cow::Owned(format!("C:\\fakepath\\{name}"))
                }),
        }
    }

    /// Sets `value` of an `input` or `textarea` as script does. Modes other than the value's own set the attribute.
    ///
    /// # Errors
    /// [`DomError::InvalidState`] for a file input and a value that is not empty.
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-input-value> and
    /// <https://html.spec.whatwg.org/#dom-textarea-value>
    pub fn set_control_value(&mut self, id: NodeId, value: &str) -> Result<(), DomError> {
        let mode = match self.input_type(id) {
            Some(kind) => kind.value_mode(),
            None if self.is_html_element_named(id, &local_name!("textarea")) => ValueMode::Value,
            None => return Ok(()),
        };
        match mode {
            ValueMode::Value => {
                // 1. The old API value.
                let old = self.control_value(id).into_owned();
                // 2–4. The new one, sanitized; the flag.
                let new = match self.input_type(id) {
                    Some(kind) => self.sanitize(id, kind, value).into_owned(),
                    None => value.to_owned(),
                };
                self.control_mut(id).value = Some(new.into());
                // 5. A value that is another moves the cursor to its end.
                if *self.control_value(id) != *old {
                    self.collapse_selection_to_end(id);
                }
            }
            ValueMode::Default | ValueMode::DefaultOn => {
                self.set_attribute_atom(id, &local_name!("value"), value);
            }
            ValueMode::Filename if value.is_empty() => self.set_selected_file(id, None),
            ValueMode::Filename => {
                return Err(DomError::InvalidState(
                    "the value of a file input can only be emptied",
                ));
            }
        }
        Ok(())
    }

    /// Whether the dirty value flag is set.
    pub fn has_dirty_value(&self, id: NodeId) -> bool {
        self.control(id).is_some_and(|state| state.value.is_some())
    }

    /// Notes the name of the first file that a file input has; `None` if it has none.
    pub fn set_selected_file(&mut self, id: NodeId, name: Option<&str>) {
        self.control_mut(id).file_name = name.map(Into::into);
    }

    /// The default value override of an `output`.
    ///
    /// Standard: <https://html.spec.whatwg.org/#concept-output-default-value-override>
    pub fn output_default_value(&self, id: NodeId) -> Option<&str> {
        self.control(id)
            .and_then(|state| state.default_value.as_deref())
    }

    /// Sets the default value override of an `output`; `None` takes it away.
    pub fn set_output_default_value(&mut self, id: NodeId, value: Option<&str>) {
        if value.is_some() || self.output_default_value(id).is_some() {
            self.control_mut(id).default_value = value.map(Into::into);
        }
    }

    /// The raw value of a `textarea`.
    fn textarea_raw_value(&self, id: NodeId) -> Cow<'_, str> {
        match self.control(id).and_then(|state| state.value.as_deref()) {
            Some(value) => Cow::Borrowed(value),
            None => Cow::Owned(self.child_text_content(id).to_string_lossy().into_owned()),
        }
    }

    fn textarea_value(&self, id: NodeId) -> Cow<'_, str> {
        if !self.is_html_element_named(id, &local_name!("textarea")) {
            return Cow::Borrowed("");
        }
        let raw = self.textarea_raw_value(id);
        if raw.contains('\r') {
            return Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"));
        }
        raw
    }

    /// The value sanitization algorithm.
    ///
    /// Standard: <https://html.spec.whatwg.org/#value-sanitization-algorithm>
    pub fn sanitize<'a>(&self, id: NodeId, kind: InputType, value: &'a str) -> Cow<'a, str> {
        let keep = |is_valid: bool| Cow::Borrowed(if is_valid { value } else { "" });
        match kind {
            InputType::Text | InputType::Search | InputType::Telephone | InputType::Password => {
                without_newlines(value)
            }
            InputType::Url => trimmed(without_newlines(value)),
            InputType::Email if self.attribute_atom(id, &local_name!("multiple")).is_some() => {
                if !value.contains(SPACE) {
                    return Cow::Borrowed(value);
                }
                let parts: Vec<_> = value
                    .split(',')
                    .map(|part| part.trim_matches(SPACE))
                    .collect();
                Cow::Owned(parts.join(","))
            }
            InputType::Email => trimmed(without_newlines(value)),
            InputType::Date | InputType::Month | InputType::Week | InputType::Time => {
                keep(!numbers::to_number(kind, value).is_nan())
            }
            InputType::LocalDateTime => {
                Cow::Owned(numbers::normalize_local_date_time(value).unwrap_or_default())
            }
            InputType::Number => keep(is_floating(value)),
            InputType::Range => self.sanitize_range(id, value),
            InputType::Color => {
                let is_color = value.len() == 7
                    && value.starts_with('#')
                    && value[1..].bytes().all(|byte| byte.is_ascii_hexdigit());
                if is_color {
                    Cow::Owned(value.to_ascii_lowercase())
                } else {
                    Cow::Borrowed("#000000")
                }
            }
            _ => Cow::Borrowed(value),
        }
    }

    /// A range has a number always, within its bounds and on its steps.
    ///
    /// Standard: <https://html.spec.whatwg.org/#range-state-(type=range)>
    fn sanitize_range<'a>(&self, id: NodeId, value: &'a str) -> Cow<'a, str> {
        let number = |name: LocalName| self.attribute_atom(id, &name).and_then(parse_floating);
        let low = number(local_name!("min")).unwrap_or(0.0);
        let high = number(local_name!("max")).unwrap_or(100.0);
        let given = is_floating(value)
            .then(|| value.parse::<f64>().ok())
            .flatten();
        let middle = if high < low {
            low
        } else {
            low + (high - low) / 2.0
        };
        let mut result = given.unwrap_or(middle);
        // Overflow, then underflow: with a maximum below the minimum, the minimum counts.
        if result > high {
            result = high;
        }
        if result < low {
            result = low;
        }
        // On a step: the nearest, the higher of two, that is within the bounds.
        if let Some((step, base)) = self.allowed_step(id, InputType::Range) {
            let steps = (result - base) / step;
            if (steps - steps.round()).abs() > 1e-9 * steps.abs().max(1.0) {
                let mut nearest = base + (steps + 0.5).floor() * step;
                if nearest > high && high >= low {
                    nearest -= step;
                }
                if nearest < low {
                    nearest += step;
                }
                if nearest <= high.max(low) {
                    result = nearest;
                }
            }
        }
        match given {
            Some(number) if number == result => Cow::Borrowed(value),
            _ => Cow::Owned(number_text(result)),
        }
    }

    /// What a change of `type` does to the value and the selection.
    ///
    /// Standard: <https://html.spec.whatwg.org/#input-type-change>
    pub(super) fn input_type_changed(&mut self, id: NodeId, old_type: Option<&str>) {
        let old = InputType::from_attribute(old_type);
        let Some(new) = self.input_type(id).filter(|&new| new != old) else {
            return;
        };
        let value = self.control(id).and_then(|state| state.value.clone());
        match (old.value_mode(), new.value_mode()) {
            // 1. The value goes into the attribute.
            (ValueMode::Value, ValueMode::Default | ValueMode::DefaultOn) => {
                if let Some(value) = value {
                    self.control_mut(id).value = None;
                    if !value.is_empty() {
                        self.set_attribute_atom(id, &local_name!("value"), &value);
                    }
                }
            }
            // 2. The attribute becomes the value, which is not dirty.
            (mode, ValueMode::Value) if mode != ValueMode::Value && value.is_some() => {
                self.control_mut(id).value = None;
            }
            // 3. No file is selected.
            (mode, ValueMode::Filename) if mode != ValueMode::Filename && value.is_some() => {
                self.control_mut(id).value = None;
            }
            // 6. Sanitized — when it is read, and here so that what was lost stays lost.
            (ValueMode::Value, ValueMode::Value) => {
                if let Some(value) = value {
                    let clean = self.sanitize(id, new, &value).into_owned();
                    self.control_mut(id).value = Some(clean.into());
                }
            }
            _ => {}
        }
        // 5. A radio button that is checked comes to its group.
        if new == InputType::Radio && self.is_checked_input(id) {
            self.claim_radio_group(id);
        }
        // 7–9. A selection begins at the start.
        if new.has_selection() && !old.has_selection() && self.control(id).is_some() {
            self.control_mut(id).selection = super::selection::TextSelection::default();
        }
    }
}

fn without_newlines(value: &str) -> Cow<'_, str> {
    if value.contains(['\n', '\r']) {
        Cow::Owned(value.replace(['\n', '\r'], ""))
    } else {
        Cow::Borrowed(value)
    }
}

fn trimmed(value: Cow<'_, str>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(value) => Cow::Borrowed(value.trim_matches(SPACE)),
        Cow::Owned(value) => Cow::Owned(value.trim_matches(SPACE).to_owned()),
    }
}
