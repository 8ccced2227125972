//! Style sheets, their rules and computed styles as script sees them.

use super::agent_fixture::check;
use crate::support::trials;

trials!("js::style_sheets":
    a_style_element_has_a_sheet_whose_rules_can_change,
    wrong_rules_throw_and_leave_the_sheet_as_it_was,
    computed_styles_are_live_and_read_only,
    sheets_made_by_script_are_adopted,
);

fn a_style_element_has_a_sheet_whose_rules_can_change() {
    check(
        "<style id=s>a>b{top:0} @media print{i{}}</style>",
        "const element = s; const { sheet } = element; const rule = sheet.cssRules[0];\
         rule.style.left = '1px'; sheet.insertRule('p{}', 1);\
         const before = [sheet === element.sheet, sheet === document.styleSheets[0], rule === sheet.cssRules[0],\
           rule.parentStyleSheet === sheet, rule.style.parentRule === rule, rule.cssText,\
           sheet.cssRules[2] instanceof CSSMediaRule, sheet.cssRules[2].media.mediaText].join();\
         element.remove();\
         before + [sheet.ownerNode, element.sheet, sheet.cssRules.length, document.styleSheets.length].join()",
        "true,true,true,true,true,a > b { top: 0px; left: 1px; },true,print,,3,0",
    );
}

fn wrong_rules_throw_and_leave_the_sheet_as_it_was() {
    check(
        "<style id=s>a{}</style>",
        "const fails = (...given) => { try { s.sheet.insertRule(...given); return 'none' } catch (error) { return error.name } };\
         [fails('a >{}'), fails('b{}', 5), fails('@import \"x\";', 1), fails('@namespace \"x\";'), s.sheet.cssRules.length].join()",
        "SyntaxError,IndexSizeError,HierarchyRequestError,InvalidStateError,1",
    );
}

fn computed_styles_are_live_and_read_only() {
    check(
        "<style>p{color:red}</style><p id=p>",
        "const style = getComputedStyle(p); const seen = [style.color, style.display];\
         p.style.color = 'lime'; seen.push(style.color);\
         try { style.color = 'red' } catch (error) { seen.push(error.name) }\
         seen.push(style.length > 300); p.remove(); seen.push(style.color === '', style.length); seen.join()",
        "rgb(255, 0, 0),block,rgb(0, 255, 0),NoModificationAllowedError,true,true,0",
    );
}

fn sheets_made_by_script_are_adopted() {
    check(
        "<p id=p>",
        "const sheet = new CSSStyleSheet(); sheet.replaceSync('p{top:1px}'); const offset = () => getComputedStyle(p).top;\
         const seen = [offset()]; document.adoptedStyleSheets.push(sheet); seen.push(offset());\
         document.adoptedStyleSheets = []; seen.push(offset(), document.styleSheets.length); seen.join()",
        "auto,1px,auto,0",
    );
}
