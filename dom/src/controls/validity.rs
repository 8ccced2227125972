//! Constraint validation: what is wrong with the value of a control.
//!
//! Two flaws are beyond this crate: `badInput`, which only a user's typing can cause, and `patternMismatch`, which
//! needs ECMAScript's regular expressions; the embedder tells of the latter by [`Tree::set_pattern_verdict`].
//!
//! Standard: <https://html.spec.whatwg.org/#constraints>, text of November 2026.

use html5ever::{LocalName, local_name};

use super::input_type::InputType;
use super::numbers::{parse_floating, to_number};
use crate::arena::{NodeId, Tree};

/// The flaws of a control's value, as bits. No bit: it is valid.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
pub struct Flaws(u16);

impl Flaws {
    /// There is no value where one is required.
    pub const VALUE_MISSING: Self = Self(1);
    /// It is no address of the type.
    pub const TYPE_MISMATCH: Self = Self(1 << 1);
    /// It does not match the pattern.
    pub const PATTERN_MISMATCH: Self = Self(1 << 2);
    /// It is below the minimum.
    pub const RANGE_UNDERFLOW: Self = Self(1 << 3);
    /// It is above the maximum.
    pub const RANGE_OVERFLOW: Self = Self(1 << 4);
    /// It is between two steps.
    pub const STEP_MISMATCH: Self = Self(1 << 5);
    /// Script has set a message.
    pub const CUSTOM_ERROR: Self = Self(1 << 6);

    /// Whether there is none.
    pub fn is_valid(self) -> bool {
        self.0 == 0
    }

    /// Whether all flaws of `other` are there.
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The bits, in the order of the constants.
    pub fn bits(self) -> u16 {
        self.0
    }

    fn set(&mut self, flaw: Self, on: bool) {
        if on {
            self.0 |= flaw.0;
        }
    }
}

impl Tree {
    /// Whether a control is a candidate for constraint validation (`willValidate`).
    ///
    /// Standard: <https://html.spec.whatwg.org/#candidate-for-constraint-validation>
    pub fn will_validate(&self, id: NodeId) -> bool {
        let is = |name: LocalName| self.is_html_element_named(id, &name);
        let read_only = || self.attribute_atom(id, &local_name!("readonly")).is_some();
        let is_candidate = match self.input_type(id) {
            Some(kind) => {
                let is_barred = matches!(
                    kind,
                    InputType::Hidden | InputType::Reset | InputType::Button
                );
                !is_barred && (!kind.can_be_read_only() || !read_only())
            }
            None if is(local_name!("textarea")) || self.is_form_associated_custom_element(id) => {
                !read_only()
            }
            None if is(local_name!("button")) => self.is_submit_button(id),
            None => is(local_name!("select")),
        };
        is_candidate
            && !self.is_disabled_control(id)
            && !self
                .ancestors(id)
                .any(|above| self.is_html_element_named(above, &local_name!("datalist")))
    }

    /// What is wrong with a control's value, whether or not it is a candidate for validation.
    ///
    /// Standard: <https://html.spec.whatwg.org/#definitions>
    pub fn flaws(&self, id: NodeId) -> Flaws {
        let mut flaws = Flaws::default();
        flaws.set(Flaws::CUSTOM_ERROR, !self.custom_validity(id).is_empty());
        flaws.set(Flaws::VALUE_MISSING, self.is_value_missing(id));
        // NOTE: which flags a form-associated custom element has set is known to its internals alone.
        if self.form_associated_flawed(id) == Some(true) {
            flaws.set(Flaws::CUSTOM_ERROR, true);
        }
        if let Some(kind) = self.input_type(id) {
            self.input_flaws(id, kind, &mut flaws);
        }
        flaws
    }

    /// The custom validity error message, empty if there is none.
    pub fn custom_validity(&self, id: NodeId) -> &str {
        self.control(id)
            .and_then(|state| state.custom_validity.as_deref())
            .unwrap_or_default()
    }

    /// `setCustomValidity()`.
    pub fn set_custom_validity(&mut self, id: NodeId, message: &str) {
        if self.custom_validity(id) != message {
            self.control_mut(id).custom_validity = Some(message.into());
        }
    }

    /// Notes whether the present value of an input mismatches its present pattern.
    pub fn set_pattern_verdict(&mut self, id: NodeId, mismatches: bool) {
        let pattern = self.attribute(id, "pattern").map(Into::into);
        if let Some(pattern) = pattern {
            let value = self.control_value(id).into();
            let verdict = Some((pattern, value, mismatches));
            if self.control(id).map(|state| &state.pattern) != Some(&verdict) {
                self.control_mut(id).pattern = verdict;
            }
        }
    }

    /// Whether the user has interacted with a control, which `:user-valid` and `:user-invalid` ask.
    pub fn is_user_interacted(&self, id: NodeId) -> bool {
        self.control(id).is_some_and(|state| state.user_interacted)
    }

    /// Notes that the user has interacted with a control.
    pub fn set_user_interacted(&mut self, id: NodeId) {
        if !self.is_user_interacted(id) {
            self.control_mut(id).user_interacted = true;
        }
    }

    fn is_value_missing(&self, id: NodeId) -> bool {
        let required = || self.attribute_atom(id, &local_name!("required")).is_some();
        let mutable = || {
            self.attribute_atom(id, &local_name!("readonly")).is_none()
                && !self.is_disabled_control(id)
        };
        if self.is_html_element_named(id, &local_name!("textarea")) {
            return required() && mutable() && self.control_value(id).is_empty();
        }
        if self.is_html_element_named(id, &local_name!("select")) {
            return required() && self.is_without_choice(id);
        }
        match self.input_type(id) {
            None => false,
            Some(InputType::Checkbox) => required() && !self.is_checked_input(id),
            Some(InputType::Radio) => {
                // One that is required makes the whole group so. Without a name there is no group.
                self.attribute_atom(id, &local_name!("name"))
                    .is_some_and(|name| !name.is_empty())
                    && !self.is_radio_group_checked(id)
                    && (required()
                        || self.radio_group_members(id).into_iter().any(|other| {
                            self.attribute_atom(other, &local_name!("required"))
                                .is_some()
                        }))
            }
            Some(InputType::File) => required() && self.control_value(id).is_empty(),
            Some(kind) => {
                kind.can_be_required()
                    && required()
                    && mutable()
                    && self.control_value(id).is_empty()
            }
        }
    }

    /// Nothing is selected but the placeholder label option.
    ///
    /// Standard: <https://html.spec.whatwg.org/#placeholder-label-option>
    fn is_without_choice(&self, select: NodeId) -> bool {
        let selected = self.selected_options(select);
        let Some(&first) = self.list_of_options(select).first() else {
            return true;
        };
        let is_drop_down = self
            .attribute_atom(select, &local_name!("multiple"))
            .is_none()
            && self
                .attribute_atom(select, &local_name!("size"))
                .and_then(|size| size.trim().parse::<u32>().ok())
                .is_none_or(|size| size == 1);
        let has_placeholder = is_drop_down
            && self.parent(first) == Some(select)
            && self.option_value(first).is_empty();
        selected
            .into_iter()
            .all(|option| has_placeholder && option == first)
    }

    fn input_flaws(&self, id: NodeId, kind: InputType, flaws: &mut Flaws) {
        let value = self.control_value(id);
        if value.is_empty() {
            return;
        }
        let multiple = || self.attribute_atom(id, &local_name!("multiple")).is_some();
        match kind {
            InputType::Url => {
                flaws.set(Flaws::TYPE_MISMATCH, url::Url::parse(&value).is_err());
            }
            InputType::Email => {
                let is_valid = if multiple() {
                    value.split(',').all(is_email)
                } else {
                    is_email(&value)
                };
                flaws.set(Flaws::TYPE_MISMATCH, !is_valid);
            }
            _ => {}
        }
        if kind.is_text_line()
            && let Some((pattern, of_value, mismatches)) =
                self.control(id).and_then(|state| state.pattern.as_ref())
            && self.attribute(id, "pattern") == Some(&**pattern)
            && *value == **of_value
        {
            flaws.set(Flaws::PATTERN_MISMATCH, *mismatches);
        }
        if kind.is_numeric() {
            let number = to_number(kind, &value);
            let (low, high) = self.range_limits(id, kind);
            let (below, above) = (
                low.is_some_and(|low| number < low),
                high.is_some_and(|high| number > high),
            );
            let is_reversed = kind == InputType::Time
                && matches!((low, high), (Some(low), Some(high)) if high < low);
            // Times go around midnight: between the two is out, and it is both.
            if is_reversed {
                flaws.set(Flaws::RANGE_UNDERFLOW, below && above);
                flaws.set(Flaws::RANGE_OVERFLOW, below && above);
            } else {
                flaws.set(Flaws::RANGE_UNDERFLOW, below);
                flaws.set(Flaws::RANGE_OVERFLOW, above);
            }
            if let Some((step, base)) = self.allowed_step(id, kind) {
                let steps = (number - base) / step;
                // NOTE: decimal steps are not exact in binary.
                let error = (steps - steps.round()).abs();
                flaws.set(Flaws::STEP_MISMATCH, error > 1e-9 * steps.abs().max(1.0));
            }
        }
    }

    fn limit(&self, id: NodeId, kind: InputType, attribute: &str) -> Option<f64> {
        let text = self.attribute(id, attribute)?;
        let number = match kind {
            InputType::Number | InputType::Range => parse_floating(text)?,
            _ => to_number(kind, text),
        };
        (!number.is_nan()).then_some(number)
    }

    /// The minimum and the maximum.
    ///
    /// Standard: <https://html.spec.whatwg.org/#concept-input-min>
    pub fn range_limits(&self, id: NodeId, kind: InputType) -> (Option<f64>, Option<f64>) {
        let is_range = kind == InputType::Range;
        (
            self.limit(id, kind, "min")
                .or_else(|| is_range.then_some(0.0)),
            self.limit(id, kind, "max")
                .or_else(|| is_range.then_some(100.0)),
        )
    }

    /// The allowed value step and the step base, in the unit of the type's numbers; `None` if any number will do.
    ///
    /// Standard: <https://html.spec.whatwg.org/#concept-input-step>
    pub fn allowed_step(&self, id: NodeId, kind: InputType) -> Option<(f64, f64)> {
        let (default, scale) = match kind {
            InputType::Number | InputType::Range | InputType::Month => (1.0, 1.0),
            InputType::Date => (1.0, 86_400_000.0),
            InputType::Week => (1.0, 604_800_000.0),
            InputType::Time | InputType::LocalDateTime => (60.0, 1000.0),
            _ => return None,
        };
        let step = match self.attribute(id, "step") {
            Some(text) if text.eq_ignore_ascii_case("any") => return None,
            Some(text) => parse_floating(text)
                .filter(|&step| step > 0.0)
                .unwrap_or(default),
            None => default,
        };
        // Dates and months have whole steps.
        let step = match kind {
            InputType::Date | InputType::Month | InputType::Week => step.round().max(1.0),
            _ => step,
        };
        let base = self
            .limit(id, kind, "min")
            .or_else(|| self.limit(id, kind, "value"))
            .unwrap_or(if kind == InputType::Week {
                // The first week of 1970 began on a Monday of 1969.
                -259_200_000.0
            } else {
                0.0
            });
        Some((step * scale, base))
    }
}

/// A valid e-mail address.
///
/// Standard: <https://html.spec.whatwg.org/#valid-e-mail-address>
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let is_local =
        |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    !local.is_empty() && local.bytes().all(is_local) && domain.split('.').all(is_label)
}
