//! Colors.
//!
//! Standard: <https://drafts.csswg.org/css-color-4/#serializing-color-values>, text of November 2026.

use cssparser::color::{clamp_unit_f32, parse_hash_color, parse_named_color};
use cssparser::{Parser, Token, match_ignore_ascii_case};

const SYSTEM: [&str; 19] = [
    "accentcolor",
    "accentcolortext",
    "activetext",
    "buttonborder",
    "buttonface",
    "buttontext",
    "canvas",
    "canvastext",
    "field",
    "fieldtext",
    "graytext",
    "highlight",
    "highlighttext",
    "linktext",
    "mark",
    "marktext",
    "selecteditem",
    "selecteditemtext",
    "visitedtext",
];

/// A color, serialized as it is in a declared value; `None` if there is none.
pub(super) fn parse_color(input: &mut Parser<'_>) -> Option<String> {
    let start = input.state();
    let color = match input.next().ok()?.clone() {
        Token::Hash(ref text) | Token::IDHash(ref text) => {
            let (red, green, blue, alpha) = parse_hash_color(text.as_bytes()).ok()?;
            Some(rgb_text(red, green, blue, alpha))
        }
        Token::Ident(ref name) => {
            let lower = name.to_ascii_lowercase();
            let is_known = lower == "transparent"
                || lower == "currentcolor"
                || parse_named_color(&lower).is_ok()
                || SYSTEM.contains(&&*lower);
            is_known.then_some(lower)
        }
        Token::Function(ref name) => {
            let name = name.to_ascii_lowercase();
            input
                .parse_nested_block(|input| {
                    parse_function(&name, input)
                        .ok_or_else(|| cssparser::ParseError::<()>::custom(()))
                })
                .ok()
        }
        _ => None,
    };
    if color.is_none() {
        input.reset(&start);
    }
    color
}

fn rgb_text(red: u8, green: u8, blue: u8, alpha: f32) -> String {
    if alpha >= 1.0 {
        return format!("rgb({red}, {green}, {blue})");
    }
    // Two digits if they say it, else three.
    let two = (alpha * 100.0).round() / 100.0;
    let shown = if clamp_unit_f32(two) == clamp_unit_f32(alpha) {
        two
    } else {
        (alpha * 1000.0).round() / 1000.0
    };
    format!("rgba({red}, {green}, {blue}, {})", shown.max(0.0))
}

fn parse_function(name: &str, input: &mut Parser<'_>) -> Option<String> {
    match_ignore_ascii_case! { name,
        "rgb" | "rgba" => parse_components(input, Model::Rgb),
        "hsl" | "hsla" => parse_components(input, Model::Hsl),
        "hwb" => parse_components(input, Model::Hwb),
        "lab" | "lch" | "oklab" | "oklch" | "color" | "color-mix" | "light-dark" => {
            let rest = super::value::serialize_tokens(input)?;
            (!rest.is_empty()).then(|| format!("{name}({rest})"))
        },
        _ => None,
    }
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Model {
    Rgb,
    Hsl,
    Hwb,
}

/// The three components and the alpha value, with commas or without.
fn parse_components(input: &mut Parser<'_>, model: Model) -> Option<String> {
    let mut parts = [0.0; 3];
    let mut commas = false;
    for (index, part) in parts.iter_mut().enumerate() {
        if index == 1 {
            commas = input.try_parse(Parser::expect_comma).is_ok() && model != Model::Hwb;
        } else if index == 2 && commas {
            input.expect_comma().ok()?;
        }
        *part = parse_component(input, model, index)?;
    }
    let mut alpha = 1.0;
    if !input.is_exhausted() {
        if commas {
            input.expect_comma().ok()?;
        } else {
            input.expect_delim('/').ok()?;
        }
        alpha = match *input.next().ok()? {
            Token::Number { value, .. } => value,
            Token::Percentage { unit_value, .. } => unit_value,
            Token::Ident(ref name) if name.eq_ignore_ascii_case("none") => 0.0,
            _ => return None,
        };
        input.expect_exhausted().ok()?;
    }
    let [first, second, third] = parts;
    let (red, green, blue) = match model {
        Model::Rgb => (first / 255.0, second / 255.0, third / 255.0),
        Model::Hsl => hsl_to_rgb(first, second, third),
        Model::Hwb => hwb_to_rgb(first, second, third),
    };
    Some(rgb_text(
        clamp_unit_f32(red),
        clamp_unit_f32(green),
        clamp_unit_f32(blue),
        alpha.clamp(0.0, 1.0),
    ))
}

fn parse_component(input: &mut Parser<'_>, model: Model, index: usize) -> Option<f32> {
    let is_hue = index == 0 && model != Model::Rgb;
    Some(match *input.next().ok()? {
        Token::Ident(ref name) if name.eq_ignore_ascii_case("none") => 0.0,
        Token::Number { value, .. } if is_hue || model == Model::Rgb => value,
        Token::Number { value, .. } => value / 100.0,
        Token::Percentage { unit_value, .. } if model == Model::Rgb => unit_value * 255.0,
        Token::Percentage { unit_value, .. } if !is_hue => unit_value,
        Token::Dimension {
            value, ref unit, ..
        } if is_hue => {
            match_ignore_ascii_case! { unit,
                "deg" => value,
                "grad" => value * 0.9,
                "rad" => value.to_degrees(),
                "turn" => value * 360.0,
                _ => return None,
            }
        }
        _ => return None,
    })
}

/// Standard: <https://drafts.csswg.org/css-color-4/#hsl-to-rgb>
fn hsl_to_rgb(hue: f32, saturation: f32, lightness: f32) -> (f32, f32, f32) {
    let saturation = saturation.clamp(0.0, 1.0);
    let lightness = lightness.clamp(0.0, 1.0);
    let part = |n: f32| {
        let k = (n + hue / 30.0).rem_euclid(12.0);
        let a = saturation * lightness.min(1.0 - lightness);
        lightness - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    };
    (part(0.0), part(8.0), part(4.0))
}

/// Standard: <https://drafts.csswg.org/css-color-4/#hwb-to-rgb>
fn hwb_to_rgb(hue: f32, white: f32, black: f32) -> (f32, f32, f32) {
    if white + black >= 1.0 {
        let gray = white / (white + black);
        return (gray, gray, gray);
    }
    let (red, green, blue) = hsl_to_rgb(hue, 1.0, 0.5);
    let mix = |part: f32| part * (1.0 - white - black) + white;
    (mix(red), mix(green), mix(blue))
}
