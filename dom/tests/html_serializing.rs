//! HTML serialization.

use readystate_dom::DocumentInit;

use crate::page::Page;

#[test]
fn what_was_serialized_parses_to_an_equal_tree() {
    let page = Page::new(
        "<!DOCTYPE html><title>a&lt;b</title><p title='&lt;\"&nbsp;&amp;'>x&nbsp;y<br><img><!-- c --></p>\
         <template><b>t</b></template><script>a<b && c</script><svg><a xlink:href='x'/></svg>",
    );
    let again = Page::new(&page.outer(page.document));
    assert_eq!(page.outer(page.document), again.outer(again.document));
    assert!(
        page.outer(page.document)
            .contains("title=\"&lt;&quot;&nbsp;&amp;\"")
    );
    assert!(page.outer(page.document).contains("a<b && c"));
}

#[test]
fn void_elements_have_no_end_tag_even_with_children() {
    let mut page = Page::new("");
    let br = page.element("br");
    let text = page.text("x");
    page.tree.append(text, br).unwrap();
    assert_eq!(page.outer(br), "<br>");
    assert_eq!(page.inner(br), "");
    let param = page.element("param");
    assert_eq!(page.outer(param), "<param>");
}

#[test]
fn names_are_qualified_only_in_unknown_namespaces() {
    let mut page = Page::new("");
    let document = page.document;
    let other = page
        .tree
        .create_element_ns(document, Some("u"), "p:x")
        .unwrap();
    page.tree
        .set_attribute_ns(other, Some("v"), "q:a", "1")
        .unwrap();
    let xmlns = Some("http://www.w3.org/2000/xmlns/");
    page.tree
        .set_attribute_ns(other, xmlns, "xmlns", "u")
        .unwrap();
    page.tree
        .set_attribute_ns(other, xmlns, "xmlns:p", "u")
        .unwrap();
    assert_eq!(
        page.outer(other),
        r#"<p:x q:a="1" xmlns="u" xmlns:p="u"></p:x>"#
    );
    let html = Some("http://www.w3.org/1999/xhtml");
    let prefixed = page
        .tree
        .create_element_ns(document, html, "h:div")
        .unwrap();
    assert_eq!(page.outer(prefixed), "<div></div>");
    assert_eq!(page.tree.tag_name(prefixed), "H:DIV");
}

#[test]
fn instructions_comments_and_doctypes_are_written() {
    let mut page = Page::new("");
    let document = page.tree.create_document(DocumentInit::xml("")).unwrap();
    let doctype = page
        .tree
        .create_document_type(document, "d", "p", "s")
        .unwrap();
    let comment = page.tree.create_comment(document, "a>b").unwrap();
    let instruction = page
        .tree
        .create_processing_instruction(document, "t", "d")
        .unwrap();
    for node in [doctype, comment, instruction] {
        page.tree.append(node, document).unwrap();
    }
    assert_eq!(page.outer(document), "<!DOCTYPE d><!--a>b--><?t d>");
}
