//! Shorthands: into longhands and back.
//!
//! Values are in the order of the shorthand's longhands.
//!
//! Standard: <https://drafts.csswg.org/css-cascade-5/#shorthand>, text of November 2026.

use cssparser::{Parser, Token};

use super::property::{Kind, Shorthand, Syntax, longhand};
use super::value::{parse_component, wide_keyword};

/// The values of a shorthand's longhands; `None` if it is invalid. What is left of the input is the caller's to refuse.
pub(super) fn parse(shorthand: &Shorthand, input: &mut Parser<'_>) -> Option<Vec<String>> {
    let syntaxes: Vec<_> = shorthand
        .longhands
        .iter()
        .map(|name| longhand(name).unwrap_or(Syntax::Any))
        .collect();
    match shorthand.kind {
        Kind::Sides => {
            let values = up_to(4, input, |input| one(syntaxes[0], input))?;
            Some(four(&values))
        }
        Kind::Pair => {
            let mut values = up_to(2, input, |input| one(syntaxes[0], input))?;
            if values.len() == 1 {
                values.extend_from_within(0..1);
            }
            Some(values)
        }
        Kind::Slash => {
            let first = until_slash(input)?;
            let second = match input.try_parse(|input| input.expect_delim('/')) {
                Ok(()) => until_slash(input)?,
                Err(_) if first.chars().all(|c| c.is_ascii_alphabetic()) => first.clone(),
                Err(_) => "auto".to_owned(),
            };
            Some(vec![first, second])
        }
        Kind::AnyOrder => any_order(shorthand.longhands, &syntaxes, input),
        Kind::Border => {
            let names = ["border-top-width", "border-top-style", "border-top-color"];
            let values = any_order(&names, &[syntaxes[0], syntaxes[4], syntaxes[8]], input)?;
            Some(
                values
                    .into_iter()
                    .flat_map(|value| std::iter::repeat_n(value, 4))
                    .collect(),
            )
        }
        Kind::Radius => {
            let radius = |input: &mut Parser<'_>| parse_component(Syntax::Size(""), input);
            let across = four(&up_to(4, input, radius)?);
            if input.try_parse(|input| input.expect_delim('/')).is_err() {
                return Some(across);
            }
            let down = four(&up_to(4, input, radius)?);
            let pair = |(x, y): (String, String)| if x == y { x } else { format!("{x} {y}") };
            Some(across.into_iter().zip(down).map(pair).collect())
        }
        Kind::Flex => flex(input),
        Kind::ListStyle => list_style(input),
        Kind::Position => position(input).map(|(x, y)| vec![x, y]),
        Kind::Background => background(input),
        Kind::Font => font(input),
        Kind::TextDecoration => text_decoration(input),
    }
}

/// The value of a shorthand; `None` if it cannot say what its longhands do.
pub(super) fn serialize(shorthand: &Shorthand, values: &[&str]) -> Option<String> {
    let first = *values.first()?;
    // Keywords for all properties, and values not known yet, are for all or none.
    let is_special = |value: &&str| wide_keyword(value).is_some() || value.contains("var(");
    if values.iter().any(is_special) {
        let alike = wide_keyword(first).is_some() && values.iter().all(|value| *value == first);
        return alike.then(|| first.to_owned());
    }
    match shorthand.kind {
        Kind::Sides => Some(shortest(values)),
        Kind::Pair => Some(if values[0] == values[1] {
            first.to_owned()
        } else {
            values.join(" ")
        }),
        Kind::Slash => Some(if values[0] == values[1] && values[0] == "auto" {
            first.to_owned()
        } else {
            values.join(" / ")
        }),
        Kind::AnyOrder => Some(without_initials(shorthand.longhands, values)),
        Kind::Border => {
            let alike = values
                .chunks(4)
                .all(|sides| sides.iter().all(|side| *side == sides[0]));
            let names = ["border-top-width", "border-top-style", "border-top-color"];
            let parts: Vec<_> = values.chunks(4).map(|sides| sides[0]).collect();
            alike.then(|| without_initials(&names, &parts))
        }
        Kind::Radius => {
            let across: Vec<_> = values
                .iter()
                .map(|value| value.split_once(' ').map_or(*value, |(x, _)| x))
                .collect();
            let down: Vec<_> = values
                .iter()
                .map(|value| value.split_once(' ').map_or(*value, |(_, y)| y))
                .collect();
            let across_text = shortest(&across);
            if across == down {
                return Some(across_text);
            }
            Some(format!("{across_text} / {}", shortest(&down)))
        }
        Kind::Flex => Some(values.join(" ")),
        Kind::ListStyle => {
            let initial = ["outside", "none", "disc"];
            Some(said(values, &initial, "outside none disc"))
        }
        Kind::Position => Some(values.join(" ")),
        Kind::Background => serialize_background(values),
        Kind::Font => serialize_font(values),
        Kind::TextDecoration => {
            let initial = ["none", "auto", "solid", "currentcolor"];
            Some(said(values, &initial, "none"))
        }
    }
}

/// The values that are not initial, or `empty`.
fn said(values: &[&str], initial: &[&str], empty: &str) -> String {
    let parts: Vec<_> = values
        .iter()
        .zip(initial)
        .filter(|(value, initial)| value != initial)
        .map(|(value, _)| *value)
        .collect();
    if parts.is_empty() {
        empty.to_owned()
    } else {
        parts.join(" ")
    }
}

fn without_initials(names: &[&str], values: &[&str]) -> String {
    let initial: Vec<_> = names.iter().map(|name| initial(name)).collect();
    // All initial: the style says it best.
    let style = names.iter().position(|name| name.ends_with("-style"));
    said(values, &initial, values[style.unwrap_or(0)])
}

/// The initial values of the longhands that may be left out.
fn initial(name: &str) -> &'static str {
    match name {
        "outline-color" => "invert",
        "flex-direction" => "row",
        "flex-wrap" => "nowrap",
        "column-width" | "column-count" => "auto",
        _ if name.ends_with("-color") => "currentcolor",
        _ if name.ends_with("-style") => "none",
        _ => "medium",
    }
}

/// One value; tokens that are not looked at are taken one at a time.
fn one(syntax: Syntax, input: &mut Parser<'_>) -> Option<String> {
    if syntax != Syntax::Any {
        return parse_component(syntax, input);
    }
    let start = input.state();
    match input.next() {
        Ok(Token::Ident(name)) => Some(name.to_ascii_lowercase()),
        _ => {
            input.reset(&start);
            None
        }
    }
}

fn up_to(
    most: usize,
    input: &mut Parser<'_>,
    mut next: impl FnMut(&mut Parser<'_>) -> Option<String>,
) -> Option<Vec<String>> {
    let mut values = Vec::new();
    while values.len() < most {
        match next(input) {
            Some(value) => values.push(value),
            None => break,
        }
    }
    (!values.is_empty()).then_some(values)
}

/// One to four values for four sides.
fn four(values: &[String]) -> Vec<String> {
    let last = values.len().saturating_sub(1);
    let pick = match last {
        0 => [0, 0, 0, 0],
        1 => [0, 1, 0, 1],
        2 => [0, 1, 2, 1],
        _ => [0, 1, 2, 3],
    };
    pick.iter().map(|&index| values[index].clone()).collect()
}

/// Four sides in as few values as say it.
fn shortest(values: &[&str]) -> String {
    let [top, right, bottom, left] = values else {
        return values.join(" ");
    };
    let count = if left != right {
        4
    } else if bottom != top {
        3
    } else if right != top {
        2
    } else {
        1
    };
    values[..count].join(" ")
}

fn any_order(names: &[&str], syntaxes: &[Syntax], input: &mut Parser<'_>) -> Option<Vec<String>> {
    let mut values: Vec<Option<String>> = vec![None; names.len()];
    while !input.is_exhausted() {
        let mut found = false;
        for (value, syntax) in values.iter_mut().zip(syntaxes) {
            if value.is_none() {
                *value = parse_component(*syntax, input);
                if value.is_some() {
                    found = true;
                    break;
                }
            }
        }
        if !found {
            return None;
        }
    }
    if values.iter().all(Option::is_none) {
        return None;
    }
    let with_initial =
        |(value, name): (Option<String>, &&str)| value.unwrap_or_else(|| initial(name).to_owned());
    Some(values.into_iter().zip(names).map(with_initial).collect())
}

fn until_slash(input: &mut Parser<'_>) -> Option<String> {
    input
        .parse_until_before(cssparser::Delimiter::None, |input| {
            let mut parts = Vec::new();
            loop {
                let start = input.state();
                match input.next().cloned() {
                    Ok(Token::Ident(name)) => parts.push(name.to_string()),
                    Ok(Token::Number {
                        int_value: Some(value),
                        ..
                    }) => parts.push(value.to_string()),
                    _ => {
                        input.reset(&start);
                        break;
                    }
                }
            }
            let text = parts.join(" ");
            Ok::<_, cssparser::ParseError<()>>(text)
        })
        .ok()
        .filter(|text| !text.is_empty())
}

/// Standard: <https://drafts.csswg.org/css-flexbox-1/#flex-property>
fn flex(input: &mut Parser<'_>) -> Option<Vec<String>> {
    let made = |grow: &str, shrink: &str, basis: &str| {
        Some(vec![grow.to_owned(), shrink.to_owned(), basis.to_owned()])
    };
    if input
        .try_parse(|input| input.expect_ident_matching("none"))
        .is_ok()
    {
        return made("0", "0", "auto");
    }
    let (mut grow, mut shrink, mut basis) = (None, None, None);
    while !input.is_exhausted() {
        if grow.is_none()
            && let Some(value) = parse_component(Syntax::Number, input)
        {
            grow = Some(value);
            shrink = parse_component(Syntax::Number, input);
        } else if basis.is_none() {
            basis = Some(parse_component(longhand("flex-basis")?, input)?);
        } else {
            return None;
        }
    }
    let default_basis = if grow.is_some() { "0%" } else { "auto" };
    if grow.is_none() && basis.is_none() {
        return None;
    }
    made(
        grow.as_deref().unwrap_or("1"),
        shrink.as_deref().unwrap_or("1"),
        basis.as_deref().unwrap_or(default_basis),
    )
}

fn list_style(input: &mut Parser<'_>) -> Option<Vec<String>> {
    let (mut position, mut image, mut kind) = (None, None, None);
    let mut nones = 0;
    while !input.is_exhausted() {
        let none = input.try_parse(|input| input.expect_ident_matching("none"));
        if none.is_ok() {
            nones += 1;
        } else if position.is_none()
            && let Some(value) = parse_component(Syntax::Keywords("inside outside"), input)
        {
            position = Some(value);
        } else if image.is_none()
            && let Some(value) = parse_image(input)
        {
            image = Some(value);
        } else if kind.is_none() {
            let value = input
                .try_parse(|input| match input.next() {
                    Ok(Token::Ident(name)) => Ok(name.to_string()),
                    Ok(Token::QuotedString(text)) => Ok(quoted(text)),
                    _ => Err(()),
                })
                .ok()?;
            kind = Some(value);
        } else {
            return None;
        }
    }
    if nones > 2 || (nones == 2 && (image.is_some() || kind.is_some())) {
        return None;
    }
    if nones == 1 && image.is_some() && kind.is_some() {
        return None;
    }
    let none_kind = nones == 2 || (nones == 1 && kind.is_none());
    Some(vec![
        position.unwrap_or_else(|| "outside".to_owned()),
        image.unwrap_or_else(|| "none".to_owned()),
        kind.unwrap_or_else(|| if none_kind { "none" } else { "disc" }.to_owned()),
    ])
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    // NOTE: writing into a string does not fail.
    let _ = cssparser::serialize_string(text, &mut out);
    out
}

/// An image: a URL, a gradient or another function, as it is written.
fn parse_image(input: &mut Parser<'_>) -> Option<String> {
    input
        .try_parse(|input| {
            let token = input.next().map_err(|_| ())?.clone();
            match token {
                Token::UnquotedUrl(url) => Ok(format!("url({})", quoted(&url))),
                Token::Function(name) => {
                    let lower = name.to_ascii_lowercase();
                    let is_image = lower == "url"
                        || lower.ends_with("gradient")
                        || matches!(&*lower, "image" | "image-set" | "cross-fade" | "element");
                    if !is_image {
                        return Err(());
                    }
                    let inner = input
                        .parse_nested_block(|input| {
                            super::value::serialize_tokens(input)
                                .ok_or_else(|| cssparser::ParseError::<()>::custom(()))
                        })
                        .map_err(|_| ())?;
                    Ok(format!("{lower}({inner})"))
                }
                _ => Err(()),
            }
        })
        .ok()
}

/// A position of one or two values; those of three and four are left to whoever needs them.
fn position(input: &mut Parser<'_>) -> Option<(String, String)> {
    let x = |input: &mut Parser<'_>| parse_component(Syntax::Length("left right center"), input);
    let y = |input: &mut Parser<'_>| parse_component(Syntax::Length("top bottom center"), input);
    let center = || "center".to_owned();
    if let Some(first) = x(input) {
        if let Some(second) = y(input) {
            return Some((first, second));
        }
        if first == "center"
            && let Some(second) = parse_component(Syntax::Keywords("left right"), input)
        {
            return Some((second, first));
        }
        return Some((first, center()));
    }
    let second = parse_component(Syntax::Keywords("top bottom"), input)?;
    let first =
        parse_component(Syntax::Keywords("left right center"), input).unwrap_or_else(center);
    Some((first, second))
}

const REPEAT: &str = "repeat-x repeat-y repeat space round no-repeat";
const BOX: &str = "border-box padding-box content-box";

/// One layer of a background. FIXME: several are refused.
///
/// Standard: <https://drafts.csswg.org/css-backgrounds-3/#background>
fn background(input: &mut Parser<'_>) -> Option<Vec<String>> {
    let (mut color, mut image, mut place, mut size, mut repeat, mut attachment) =
        (None, None, None, None, None, None);
    let mut boxes = Vec::new();
    let mut any = false;
    while !input.is_exhausted() {
        any = true;
        if image.is_none() {
            let none = input.try_parse(|input| input.expect_ident_matching("none"));
            image = none
                .is_ok()
                .then(|| "none".to_owned())
                .or_else(|| parse_image(input));
            if image.is_some() {
                continue;
            }
        }
        if repeat.is_none()
            && let Some(first) = parse_component(Syntax::Keywords(REPEAT), input)
        {
            let second = parse_component(Syntax::Keywords("repeat space round no-repeat"), input);
            repeat = Some(second.map_or(first.clone(), |second| format!("{first} {second}")));
        } else if attachment.is_none()
            && let Some(value) = parse_component(Syntax::Keywords("scroll fixed local"), input)
        {
            attachment = Some(value);
        } else if boxes.len() < 2
            && let Some(value) = parse_component(Syntax::Keywords(BOX), input)
        {
            boxes.push(value);
        } else if place.is_none()
            && let Some(value) = position(input)
        {
            place = Some(value);
            if input.try_parse(|input| input.expect_delim('/')).is_ok() {
                let part = |input: &mut Parser<'_>| {
                    parse_component(Syntax::Size("auto cover contain"), input)
                };
                let first = part(input)?;
                size =
                    Some(part(input).map_or(first.clone(), |second| format!("{first} {second}")));
            }
        } else if color.is_none() {
            color = Some(parse_component(Syntax::Color, input)?);
        } else {
            return None;
        }
    }
    if !any {
        return None;
    }
    let or = |value: Option<String>, initial: &str| value.unwrap_or_else(|| initial.to_owned());
    let (x, y) = place.unwrap_or_else(|| ("0%".to_owned(), "0%".to_owned()));
    let origin = boxes.first().cloned();
    let clip = boxes.get(1).cloned().or_else(|| origin.clone());
    Some(vec![
        or(image, BACKGROUND_INITIAL[0]),
        x,
        y,
        or(size, BACKGROUND_INITIAL[3]),
        or(repeat, BACKGROUND_INITIAL[4]),
        or(attachment, BACKGROUND_INITIAL[5]),
        or(origin, BACKGROUND_INITIAL[6]),
        or(clip, BACKGROUND_INITIAL[7]),
        or(color, BACKGROUND_INITIAL[8]),
    ])
}

const BACKGROUND_INITIAL: [&str; 9] = [
    "none",
    "0%",
    "0%",
    "auto",
    "repeat",
    "scroll",
    "padding-box",
    "border-box",
    "transparent",
];

fn serialize_background(values: &[&str]) -> Option<String> {
    let [image, x, y, size, repeat, attachment, origin, clip, color] = values else {
        return None;
    };
    // Several layers: see `background`.
    if values
        .iter()
        .any(|value| value.contains(',') && !value.contains('('))
    {
        return None;
    }
    let mut parts = Vec::new();
    let mut say = |value: &str, initial: &str| {
        if value != initial {
            parts.push(value.to_owned());
        }
    };
    say(image, "none");
    if *size != "auto" {
        say(&format!("{x} {y} / {size}"), "");
    } else if (*x, *y) != ("0%", "0%") {
        say(&format!("{x} {y}"), "");
    }
    say(repeat, "repeat");
    say(attachment, "scroll");
    if origin == clip {
        say(origin, "");
    } else if (*origin, *clip) != ("padding-box", "border-box") {
        say(&format!("{origin} {clip}"), "");
    }
    say(color, "transparent");
    if parts.is_empty() {
        return Some("none".to_owned());
    }
    Some(parts.join(" "))
}

/// Standard: <https://drafts.csswg.org/css-fonts-4/#font-prop>
fn font(input: &mut Parser<'_>) -> Option<Vec<String>> {
    let normal = || "normal".to_owned();
    let (mut style, mut variant, mut weight, mut stretch) = (None, None, None, None);
    let stretches = "ultra-condensed extra-condensed condensed semi-condensed semi-expanded expanded \
                     extra-expanded ultra-expanded";
    loop {
        let is_normal = input.try_parse(|input| input.expect_ident_matching("normal"));
        if is_normal.is_ok() {
            continue;
        }
        let part = |slot: &mut Option<String>, syntax, input: &mut Parser<'_>| {
            if slot.is_none() {
                *slot = parse_component(syntax, input);
                slot.is_some()
            } else {
                false
            }
        };
        let found = part(&mut style, Syntax::Keywords("italic oblique"), input)
            || part(&mut variant, Syntax::Keywords("small-caps"), input)
            || part(&mut weight, Syntax::NumberOr("bold bolder lighter"), input)
            || part(&mut stretch, Syntax::Keywords(stretches), input);
        if !found {
            break;
        }
    }
    let size = parse_component(longhand("font-size")?, input)?;
    let line_height = if input.try_parse(|input| input.expect_delim('/')).is_ok() {
        parse_component(Syntax::NumberOr("normal"), input)
            .or_else(|| parse_component(Syntax::Size(""), input))?
    } else {
        normal()
    };
    let family = parse_component(Syntax::Any, input)?;
    Some(vec![
        style.unwrap_or_else(normal),
        variant.unwrap_or_else(normal),
        weight.unwrap_or_else(normal),
        stretch.unwrap_or_else(normal),
        size,
        line_height,
        family,
    ])
}

fn serialize_font(values: &[&str]) -> Option<String> {
    let [style, variant, weight, stretch, size, line_height, family] = values else {
        return None;
    };
    if !matches!(*variant, "normal" | "small-caps") || stretch.ends_with('%') {
        return None;
    }
    let mut out = String::new();
    for value in [style, variant, weight, stretch] {
        if *value != "normal" {
            out.push_str(value);
            out.push(' ');
        }
    }
    out.push_str(size);
    if *line_height != "normal" {
        out.push_str(" / ");
        out.push_str(line_height);
    }
    Some(format!("{out} {family}"))
}

fn text_decoration(input: &mut Parser<'_>) -> Option<Vec<String>> {
    let (mut lines, mut thickness, mut style, mut color) = (Vec::new(), None, None, None);
    while !input.is_exhausted() {
        let words = "none underline overline line-through blink";
        if let Some(line) = parse_component(Syntax::Keywords(words), input) {
            lines.push(line);
        } else if style.is_none()
            && let Some(value) =
                parse_component(Syntax::Keywords("solid double dotted dashed wavy"), input)
        {
            style = Some(value);
        } else if thickness.is_none()
            && let Some(value) = parse_component(Syntax::Size("auto from-font"), input)
        {
            thickness = Some(value);
        } else if color.is_none() {
            color = Some(parse_component(Syntax::Color, input)?);
        } else {
            return None;
        }
    }
    let line = if lines.is_empty() {
        "none".to_owned()
    } else {
        lines.join(" ")
    };
    let or = |value: Option<String>, initial: &str| value.unwrap_or_else(|| initial.to_owned());
    Some(vec![
        line,
        or(thickness, "auto"),
        or(style, "solid"),
        or(color, "currentcolor"),
    ])
}
