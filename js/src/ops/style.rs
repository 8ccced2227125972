//! Ops of `CSSStyleDeclaration` over a style attribute, or over the declarations of a rule.
//!
//! Standard: <https://drafts.csswg.org/cssom/#the-cssstyledeclaration-interface>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::css::{self, DeclarationBlock, FIRST_CSS_ID, supported_names};
use readystate_dom::{NodeId, Tree, local_name};

use super::node::{mutate, read, str_to, strings_to};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_style_names(),
        op_style_text(),
        op_style_set_text(),
        op_style_length(),
        op_style_item(),
        op_style_value(),
        op_style_is_important(),
        op_style_set(),
        op_style_remove(),
        op_css_supports(),
        op_css_supports_declaration(),
    ]
}

/// The declarations of an element's style attribute, or of a rule.
fn block(tree: &Tree, id: NodeId) -> DeclarationBlock {
    if id.raw() >= FIRST_CSS_ID {
        return tree.css_rule_block(id.raw()).cloned().unwrap_or_default();
    }
    let text = tree.attribute_atom(id, &local_name!("style"));
    DeclarationBlock::parse(text.unwrap_or_default())
}

/// Update style attribute for.
///
/// Standard: <https://drafts.csswg.org/cssom/#update-style-attribute-for>
fn update(tree: &mut Tree, id: NodeId, block: &DeclarationBlock) {
    if id.raw() >= FIRST_CSS_ID {
        tree.set_css_rule_block(id.raw(), block.clone());
        return;
    }
    tree.set_attribute_atom(id, &local_name!("style"), &block.to_string());
}

/// The names of the properties that have an attribute each.
#[op2]
fn op_style_names<'s>(scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Array> {
    strings_to(scope, supported_names())
}

/// `cssText`.
#[op2]
fn op_style_text<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    str_to(scope, &read(id, |tree, id| block(tree, id).to_string()))
}

/// Sets `cssText`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_style_set_text(id: u32, #[string] text: &str) -> i32 {
    mutate(id, |tree, id| {
        update(tree, id, &DeclarationBlock::parse(text));
        Ok(())
    })
}

/// `length`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_style_length(id: u32) -> u32 {
    read(id, |tree, id| {
        u32::try_from(block(tree, id).declarations().len()).unwrap_or(u32::MAX)
    })
}

/// `item()`: a name, empty beyond the end.
#[op2]
fn op_style_item<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    index: u32,
) -> v8::Local<'s, v8::Value> {
    let name = read(id, |tree, id| {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let block = block(tree, id);
        let found = block.declarations().get(index);
        found.map_or_else(String::new, |declaration| declaration.name.to_string())
    });
    str_to(scope, &name)
}

/// `getPropertyValue()`.
#[op2]
fn op_style_value<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    #[string] name: &str,
) -> v8::Local<'s, v8::Value> {
    str_to(scope, &read(id, |tree, id| block(tree, id).value(name)))
}

/// Whether `getPropertyPriority()` is `important`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_style_is_important(id: u32, #[string] name: &str) -> bool {
    read(id, |tree, id| block(tree, id).is_important(name))
}

/// `setProperty()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_style_set(id: u32, #[string] name: &str, #[string] value: &str, important: bool) -> i32 {
    mutate(id, |tree, id| {
        let mut block = block(tree, id);
        if block.set(name, value, important) {
            update(tree, id, &block);
        }
        Ok(())
    })
}

/// `removeProperty()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_style_remove(id: u32, #[string] name: &str) -> i32 {
    mutate(id, |tree, id| {
        let mut block = block(tree, id);
        if block.remove(name) {
            update(tree, id, &block);
        }
        Ok(())
    })
}

/// `CSS.supports(conditionText)`.
#[op2(nofast)]
fn op_css_supports(#[string] condition: &str) -> bool {
    css::supports(condition)
}

/// `CSS.supports(property, value)`.
#[op2(nofast)]
fn op_css_supports_declaration(#[string] property: &str, #[string] value: &str) -> bool {
    css::supports_declaration(property, value)
}
