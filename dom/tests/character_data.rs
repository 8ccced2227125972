//! Character data: replacing, splitting, normalizing, text content.

use readystate_dom::{CharacterData, DomError};

use crate::page::Page;

#[test]
fn offsets_count_utf16_units() {
    let mut page = Page::new("");
    let text = page.text("a😀b");
    page.tree
        .insert_data(text, 3, &CharacterData::from("é"))
        .unwrap();
    assert_eq!(page.tree.text_content(text).as_deref(), Some("a😀éb"));
    page.tree.delete_data(text, 1, 2).unwrap();
    page.tree
        .append_data(text, &CharacterData::from("!"))
        .unwrap();
    page.tree
        .replace_data(text, 0, 1, &CharacterData::from("A"))
        .unwrap();
    assert_eq!(page.tree.text_content(text).as_deref(), Some("Aéb!"));
    assert_eq!(page.tree.substring_data(text, 1, 99).unwrap(), "éb!");
    assert!(matches!(
        page.tree.substring_data(text, 5, 0),
        Err(DomError::IndexSize(_))
    ));
    assert!(matches!(
        page.tree.delete_data(text, 5, 0),
        Err(DomError::IndexSize(_))
    ));
    page.tree.delete_data(text, 4, usize::MAX).unwrap();
}

#[test]
fn splitting_puts_the_rest_into_a_new_node_after_the_old() {
    let mut page = Page::new("<p id=a>hello</p>");
    let a = page.id("a");
    let text = page.tree.first_child(a).unwrap();
    let rest = page.tree.split_text(text, 2).unwrap();
    assert_eq!(page.tree.next_sibling(text), Some(rest));
    assert_eq!(page.tree.text_content(text).as_deref(), Some("he"));
    assert_eq!(page.tree.text_content(rest).as_deref(), Some("llo"));
    assert_eq!(page.tree.whole_text(rest).unwrap(), "hello");
    assert!(matches!(
        page.tree.split_text(text, 3),
        Err(DomError::IndexSize(_))
    ));
    let loose = page.text("xy");
    let other = page.tree.split_text(loose, 1).unwrap();
    assert_eq!(page.tree.parent(other), None);
}

#[test]
fn normalizing_joins_text_and_drops_the_empty() {
    let mut page = Page::new("<p id=a><b></b></p>");
    let (a, document) = (page.id("a"), page.document);
    let b = page.tree.first_child(a).unwrap();
    for (parent, data) in [
        (a, ""),
        (a, "x"),
        (a, ""),
        (a, "y→"),
        (b, ""),
        (b, "1"),
        (b, "2"),
    ] {
        let text = page.text(data);
        page.tree.append(text, parent).unwrap();
    }
    let section = page.tree.create_cdata_section(document, "z").unwrap();
    page.tree.append(section, a).unwrap();
    page.tree.normalize(a).unwrap();
    assert_eq!(page.tree.child_count(a), 3);
    assert_eq!(page.tree.child_count(b), 1);
    assert_eq!(page.tree.text_content(a).as_deref(), Some("12xy→z"));
}

#[test]
fn text_content_leaves_out_comments_and_is_null_for_documents() {
    let mut page = Page::new("<p id=a>x<!--c--><b>y</b><?pi?></p>");
    let (a, document) = (page.id("a"), page.document);
    assert_eq!(page.tree.text_content(a).as_deref(), Some("xy"));
    assert_eq!(page.tree.text_content(document), None);
    assert_eq!(page.tree.child_text_content(a), "x");
    page.tree.set_text_content(a, "→").unwrap();
    assert_eq!(page.outer(a), r#"<p id="a">→</p>"#);
    page.tree.set_text_content(a, "").unwrap();
    assert!(!page.tree.has_child_nodes(a));
    page.tree.set_text_content(document, "x").unwrap();
    assert!(page.tree.document_element(document).is_some());
}

#[test]
fn the_title_is_read_stripped_and_written_where_it_belongs() {
    let mut page = Page::new("<title> a \n b </title>");
    let document = page.document;
    assert_eq!(page.tree.title(document), "a b");
    page.tree.set_title(document, "new").unwrap();
    assert_eq!(page.tree.title(document), "new");
    let element = page.tree.title_element(document).unwrap();
    page.tree.remove(element).unwrap();
    assert_eq!(page.tree.title(document), "");
    page.tree.set_title(document, "again").unwrap();
    let head = page.tree.head(document).unwrap();
    assert_eq!(page.inner(head), "<title>again</title>");
}
