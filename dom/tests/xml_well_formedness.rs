//! What the XML parser accepts and refuses, production by production.

use readystate_dom::parsing::xml::{XmlError, XmlErrorKind, XmlLimits, parse_xml};
use readystate_dom::serializing::xml::serialize_xml;
use readystate_dom::{DocumentInit, NodeId, Tree};

fn parse_with(text: &str, limits: XmlLimits) -> Result<(Tree, NodeId), XmlError> {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("about:blank"))
        .expect("room for a document");
    parse_xml(&mut tree, document, text, limits)?;
    Ok((tree, document))
}

fn parse(text: &str) -> Result<(Tree, NodeId), XmlError> {
    parse_with(text, XmlLimits::default())
}

/// Accepted, and serialized to `expected`.
#[track_caller]
fn accepts(text: &str, expected: &str) {
    match parse(text) {
        Ok((tree, document)) => assert_eq!(
            serialize_xml(&tree, document, false).expect("serializable"),
            expected,
            "{text:?}"
        ),
        Err(error) => panic!("{text:?} was refused: {error}"),
    }
}

/// Accepted, and serialized to itself.
#[track_caller]
fn keeps(text: &str) {
    accepts(text, text);
}

#[track_caller]
fn refuses_as(kind: XmlErrorKind, texts: &[&str]) {
    for text in texts {
        match parse(text) {
            Ok(_) => panic!("{text:?} was accepted"),
            Err(error) => assert_eq!(error.kind, kind, "{text:?}: {error}"),
        }
    }
}

#[track_caller]
fn refuses(texts: &[&str]) {
    refuses_as(XmlErrorKind::Syntax, texts);
}

#[test]
fn documents_have_one_root_element() {
    keeps("<a/>");
    accepts("<a></a>", "<a/>");
    accepts("\u{FEFF}<a/>", "<a/>");
    accepts(
        " \n<!--c--> <?p d?> <a/> <!--d--> ",
        "<!--c--><?p d?><a/><!--d-->",
    );
    refuses(&[
        "",
        " ",
        "text",
        "<!--c-->",
        "<a/><b/>",
        "<a/>text",
        "text<a/>",
        "<a/>&#32;",
        "&#32;<a/>",
        "<a/><![CDATA[]]>",
        "<![CDATA[]]><a/>",
        "<a/></a>",
        "</a>",
        "\u{FEFF}\u{FEFF}<a/>",
        "<a/>\u{FEFF}",
    ]);
}

#[test]
fn tags_match_and_nest() {
    keeps("<a><b><c/></b><b/></a>");
    accepts("<a ></a\n>", "<a/>");
    accepts("<a.b-c_1/>", "<a.b-c_1/>");
    keeps("<日本 é=\"1\"/>");
    refuses(&[
        "<a>",
        "<a><b></a></b>",
        "<a></b>",
        "<a></A>",
        "<a></a b>",
        "<a></ a>",
        "<a></a",
        "<a",
        "<a/",
        "<",
        "<>",
        "</>",
        "<a></>",
        "< a/>",
        "<1a/>",
        "<-a/>",
        "<.a/>",
        "<a/ >",
        "<a//>",
        "<a/b/>",
        "<a<b/>",
        "<a><</a>",
        "<a>< </a>",
        "<a>\u{0}</a>",
        "<×/>",
        "<a×/>",
        "<!a/>",
    ]);
}

#[test]
fn attributes_are_quoted_unique_and_apart() {
    keeps("<a b=\"1\" c=\"2\"/>");
    accepts("<a b = '1'\n\tc='\"'/>", "<a b=\"1\" c=\"&quot;\"/>");
    accepts("<a b='>'/>", "<a b=\"&gt;\"/>");
    accepts("<a b='x\ty\nz\r\nw'/>", "<a b=\"x y z w\"/>");
    accepts("<a b='x&#9;&#10;&#13;y'/>", "<a b=\"x&#9;&#xA;&#xD;y\"/>");
    accepts(
        "<a b='&lt;&gt;&amp;&apos;&quot;&#65;&#x41;'/>",
        "<a b=\"&lt;&gt;&amp;'&quot;AA\"/>",
    );
    refuses(&[
        "<a b/>",
        "<a b=/>",
        "<a b=1/>",
        "<a b='1/>",
        "<a b=\"1'/>",
        "<a b='1' b='2'/>",
        "<a b='1'c='2'/>",
        "<a b='<'/>",
        "<a b='&'/>",
        "<a b='& '/>",
        "<a b='&x'/>",
        "<a b='&x;'/>",
        "<a b='&#0;'/>",
        "<a b='&#xFFFE;'/>",
        "<a b='&#;'/>",
        "<a b='&#x;'/>",
        "<a b='&#65'/>",
        "<a 'b'='1'/>",
        "<a 1b='1'/>",
        "<a b='1'/c='2'>",
        "<a b='\u{1}'/>",
        "<a></a b='1'>",
        "<a =''/>",
    ]);
    let many: String = (0..40).map(|index| format!(" a{index}=''")).collect();
    assert!(parse(&format!("<a{many}/>")).is_ok());
    assert!(parse(&format!("<a{many} a7=''/>")).is_err());
}

#[test]
fn text_holds_no_markup_and_no_end_of_cdata() {
    accepts("<a>x > y ]] > \"'</a>", "<a>x &gt; y ]] &gt; \"'</a>");
    accepts("<a>x\r\ny\rz</a>", "<a>x\ny\nz</a>");
    accepts("<a>]]&gt;</a>", "<a>]]&gt;</a>");
    accepts("<a>&#x10FFFF;&#65;&#x9;</a>", "<a>\u{10FFFF}A\t</a>");
    refuses(&[
        "<a>]]></a>",
        "<a>x]]>y</a>",
        "<a>&</a>",
        "<a>& </a>",
        "<a>&;</a>",
        "<a>&amp</a>",
        "<a>&amp &lt;</a>",
        "<a>&a b;</a>",
        "<a>&1;</a>",
        "<a>&nbsp;</a>",
        "<a>&AMP;</a>",
        "<a>&#;</a>",
        "<a>&#a;</a>",
        "<a>&#x;</a>",
        "<a>&#xg;</a>",
        "<a>&#X41;</a>",
        "<a>&#0;</a>",
        "<a>&#8;</a>",
        "<a>&#xD800;</a>",
        "<a>&#xFFFF;</a>",
        "<a>&#x110000;</a>",
        "<a>&#99999999999999;</a>",
        "<a>&# 65;</a>",
        "<a>&#65 ;</a>",
        "<a>& amp;</a>",
        "<a>\u{B}</a>",
        "<a>\u{FFFE}</a>",
        "<a>\u{FFFF}</a>",
        "<a>\u{1B}</a>",
    ]);
}

#[test]
fn comments_instructions_and_cdata_end_properly() {
    keeps("<a><!-- - a -> & < ]]> --><!----></a>");
    accepts(
        "<a><?p?><?p ?><?p  d ? > e?><?xml-stylesheet x?></a>",
        "<a><?p ?><?p ?><?p d ? > e?><?xml-stylesheet x?></a>",
    );
    keeps("<a><![CDATA[<&]] > ]>]]]]><![CDATA[>]]></a>");
    keeps("<a>x<![CDATA[]]>y</a>");
    refuses(&[
        "<a><!-- -- --></a>",
        "<a><!-- a---></a>",
        "<a><!---></a>",
        "<a><!--></a>",
        "<a><!-- a -></a>",
        "<a><!- a --></a>",
        "<a><! a></a>",
        "<a><!></a>",
        "<a><!--",
        "<a/><!--",
        "<a><??></a>",
        "<a><? p?></a>",
        "<a><?p></a>",
        "<a><?p",
        "<a><?1?></a>",
        "<a><?p,?></a>",
        "<a><?xml?></a>",
        "<a><?XML x?></a>",
        "<a><?xMl?></a>",
        "<a><![CDATA[</a>",
        "<a><![CDATA]]></a>",
        "<a><![cdata[]]></a>",
        "<a><![ CDATA[]]></a>",
        "<a><![CDATA []]></a>",
        "<a><![INCLUDE[]]></a>",
        "<a><!ELEMENT a ANY></a>",
        "<a><!DOCTYPE a></a>",
    ]);
}

#[test]
fn the_xml_declaration_has_a_fixed_form_and_place() {
    for declaration in [
        "<?xml version='1.0'?>",
        "<?xml version=\"1.0\" ?>",
        "<?xml version = '1.0'\n encoding = 'UTF-8' standalone = 'yes' ?>",
        "<?xml version='1.0' standalone='no'?>",
        "<?xml version='1.1'?>",
        "<?xml\tversion='1.0' encoding='x.y_z-1'?>",
    ] {
        accepts(&format!("{declaration}<a/>"), "<a/>");
        accepts(&format!("\u{FEFF}{declaration}\n<a/>"), "<a/>");
        refuses(&[
            &format!(" {declaration}<a/>"),
            &format!("<a>{declaration}</a>"),
            &format!("<a/>{declaration}"),
            &format!("<!---->{declaration}<a/>"),
        ]);
    }
    refuses(&[
        "<?xml?><a/>",
        "<?xml ?><a/>",
        "<?xml version=1.0?><a/>",
        "<?xml version='1.0\"?><a/>",
        "<?xml version='2.0'?><a/>",
        "<?xml version='1.'?><a/>",
        "<?xml version='1.0x'?><a/>",
        "<?xml version=' 1.0'?><a/>",
        "<?xml version='1.0'encoding='UTF-8'?><a/>",
        "<?xml encoding='UTF-8'?><a/>",
        "<?xml encoding='UTF-8' version='1.0'?><a/>",
        "<?xml version='1.0' standalone='yes' encoding='UTF-8'?><a/>",
        "<?xml version='1.0' standalone='YES'?><a/>",
        "<?xml version='1.0' encoding=''?><a/>",
        "<?xml version='1.0' encoding='1'?><a/>",
        "<?xml version='1.0' encoding='a b'?><a/>",
        "<?xml version='1.0' version='1.0'?><a/>",
        "<?xml version='1.0' bogus='1'?><a/>",
        "<?XML version='1.0'?><a/>",
        "<?xml version='1.0'>",
        "<?xml version='1.0'><a/>",
        "<?xmlversion='1.0'?><a/>x",
    ]);
}

#[test]
fn doctypes_stand_before_the_root_and_have_their_form() {
    keeps("<!DOCTYPE a><a/>");
    keeps("<!DOCTYPE a SYSTEM \"s\"><a/>");
    keeps("<!DOCTYPE a PUBLIC \"p\" \"s\"><a/>");
    accepts(
        "<!DOCTYPE a PUBLIC '-//x'\n's'  ><b/>",
        "<!DOCTYPE a PUBLIC \"-//x\" \"s\"><b/>",
    );
    accepts("<!DOCTYPE a []><a/>", "<!DOCTYPE a><a/>");
    accepts(
        "<!DOCTYPE a SYSTEM 's' [ <!----> <?p?> ] ><a/>",
        "<!DOCTYPE a SYSTEM \"s\"><a/>",
    );
    refuses(&[
        "<!doctype a><a/>",
        "<!Doctype a><a/>",
        "<!DOCTYPEa><a/>",
        "<!DOCTYPE><a/>",
        "<!DOCTYPE ><a/>",
        "<!DOCTYPE 1><a/>",
        "<!DOCTYPE a",
        "<!DOCTYPE a b><a/>",
        "<!DOCTYPE a SYSTEM><a/>",
        "<!DOCTYPE a SYSTEM s><a/>",
        "<!DOCTYPE a SYSTEM's'><a/>",
        "<!DOCTYPE a system 's'><a/>",
        "<!DOCTYPE a PUBLIC 'p'><a/>",
        "<!DOCTYPE a PUBLIC 'p''s'><a/>",
        "<!DOCTYPE a PUBLIC '{' 's'><a/>",
        "<!DOCTYPE a PUBLIC 'é' 's'><a/>",
        "<!DOCTYPE a PUBLIC \"\t\" 's'><a/>",
        "<!DOCTYPE aSYSTEM 's'><a/>",
        "<!DOCTYPE a [] b><a/>",
        "<!DOCTYPE a [",
        "<!DOCTYPE a [><a/>",
        "<!DOCTYPE a []",
        "<!DOCTYPE a [] SYSTEM 's'><a/>",
        "<!DOCTYPE a><!DOCTYPE a><a/>",
        "<a/><!DOCTYPE a>",
        "<!DOCTYPE a [text]><a/>",
        "<!DOCTYPE a [<a/>]><a/>",
        "<!DOCTYPE a [<![INCLUDE[]]>]><a/>",
        "<!DOCTYPE a [<!-- -- -->]><a/>",
        "<!DOCTYPE a [<?xml version='1.0'?>]><a/>",
        "<!DOCTYPE a [&amp;]><a/>",
        "<!DOCTYPE a [<!BOGUS>]><a/>",
        "<!DOCTYPE a [<!DOCTYPE a>]><a/>",
        "<!DOCTYPE a [<!ELEMENT a ANY]><a/>",
    ]);
}

/// Puts each declaration into an internal subset.
#[track_caller]
fn check_declarations(valid: &[&str], invalid: &[&str]) {
    for declaration in valid {
        accepts(
            &format!("<!DOCTYPE a [{declaration}]><a/>"),
            "<!DOCTYPE a><a/>",
        );
    }
    for declaration in invalid {
        refuses(&[&format!("<!DOCTYPE a [{declaration}]><a/>")]);
    }
}

#[test]
fn element_declarations_are_checked() {
    check_declarations(
        &[
            "<!ELEMENT a EMPTY>",
            "<!ELEMENT a\nANY >",
            "<!ELEMENT a (#PCDATA)>",
            "<!ELEMENT a ( #PCDATA )* >",
            "<!ELEMENT a (#PCDATA|b|c)*>",
            "<!ELEMENT a ( #PCDATA | b )*>",
            "<!ELEMENT a (b)>",
            "<!ELEMENT a (b,c?,d*,e+)>",
            "<!ELEMENT a (b|c)*>",
            "<!ELEMENT a ( ( b , c )+ | ( d | e )? )>",
            "<!ELEMENT a ((((b))))>",
        ],
        &[
            "<!ELEMENT a>",
            "<!ELEMENT>",
            "<!ELEMENT 1 ANY>",
            "<!ELEMENTa ANY>",
            "<!ELEMENT aANY>",
            "<!ELEMENT a any>",
            "<!ELEMENT a b>",
            "<!ELEMENT a ()>",
            "<!ELEMENT a (b>",
            "<!ELEMENT a (b))>",
            "<!ELEMENT a (b,c|d)>",
            "<!ELEMENT a (b|c,d)>",
            "<!ELEMENT a (b,)>",
            "<!ELEMENT a (,b)>",
            "<!ELEMENT a (b c)>",
            "<!ELEMENT a (b ?)>",
            "<!ELEMENT a (b)  *>",
            "<!ELEMENT a (b**)>",
            "<!ELEMENT a (b,#PCDATA)>",
            "<!ELEMENT a (#PCDATA|b)>",
            "<!ELEMENT a (#PCDATA,b)*>",
            "<!ELEMENT a (#PCDATA|(b))*>",
            "<!ELEMENT a (#PCDATA)+>",
            "<!ELEMENT a (#pcdata)>",
            "<!ELEMENT a EMPTY ANY>",
            "<!ELEMENT (a) ANY>",
            "<!ELEMENT a (b&c)>",
            "<!ELEMENT a ANY -- c -->",
            "<!element a ANY>",
            "< !ELEMENT a ANY>",
            "<!ELEMENT a %b;>",
        ],
    );
    let deep = format!(
        "<!ELEMENT a {}b{}>",
        "(".repeat(100_000),
        ")".repeat(100_000)
    );
    check_declarations(&[&deep], &[]);
}

#[test]
fn attribute_list_declarations_are_checked() {
    check_declarations(
        &[
            "<!ATTLIST b>",
            "<!ATTLIST b >",
            "<!ATTLIST b c CDATA #IMPLIED>",
            "<!ATTLIST b c ID #REQUIRED d IDREF #IMPLIED\ne IDREFS #IMPLIED>",
            "<!ATTLIST b c ENTITY #IMPLIED d ENTITIES #IMPLIED>",
            "<!ATTLIST b c NMTOKEN 'x' d NMTOKENS 'x y'>",
            "<!ATTLIST b c (x|1 | .y ) 'x'>",
            "<!ATTLIST b c NOTATION ( n | m ) #IMPLIED>",
            "<!ATTLIST b c CDATA #FIXED 'x'>",
            "<!ATTLIST b c CDATA 'x' c ID #IMPLIED>",
            "<!ATTLIST b c CDATA '&#65;&lt;'>",
        ],
        &[
            "<!ATTLIST>",
            "<!ATTLIST 1>",
            "<!ATTLISTb>",
            "<!ATTLIST b c>",
            "<!ATTLIST b c CDATA>",
            "<!ATTLIST b c cdata #IMPLIED>",
            "<!ATTLIST b c CDATA#IMPLIED>",
            "<!ATTLIST b cCDATA #IMPLIED>",
            "<!ATTLIST b c CDATA #implied>",
            "<!ATTLIST b c CDATA #FIXED>",
            "<!ATTLIST b c CDATA #FIXED'x'>",
            "<!ATTLIST b c CDATA x>",
            "<!ATTLIST b c CDATA '<'>",
            "<!ATTLIST b c CDATA '&'>",
            "<!ATTLIST b c CDATA '&undeclared;'>",
            "<!ATTLIST b c CDATA 'x'd CDATA 'y'>",
            "<!ATTLIST b c () 'x'>",
            "<!ATTLIST b c (x|) 'x'>",
            "<!ATTLIST b c (x,y) 'x'>",
            "<!ATTLIST b c (x|y)'x'>",
            "<!ATTLIST b c ('x'|y) 'x'>",
            "<!ATTLIST b c NOTATION #IMPLIED>",
            "<!ATTLIST b c NOTATION(n) #IMPLIED>",
            "<!ATTLIST b c NOTATION (1) #IMPLIED>",
            "<!ATTLIST b c NUMBER #IMPLIED>",
            "<!ATTLIST b c CDATA #CONREF>",
            "<!ATTLIST (b|c) d CDATA #IMPLIED>",
        ],
    );
}

#[test]
fn entity_and_notation_declarations_are_checked() {
    check_declarations(
        &[
            "<!ENTITY e 'x'>",
            "<!ENTITY e \"x<b>&amp;&other;\" >",
            "<!ENTITY e SYSTEM 's'>",
            "<!ENTITY e PUBLIC 'p' \"s\">",
            "<!ENTITY e SYSTEM 's' NDATA n>",
            "<!ENTITY % e 'x'>",
            "<!ENTITY % e SYSTEM 's'>",
            "<!ENTITY e 'x'><!ENTITY e 'y'>",
            "<!ENTITY lt '&#38;#60;'>",
            "<!NOTATION n SYSTEM 's'>",
            "<!NOTATION n PUBLIC 'p'>",
            "<!NOTATION n PUBLIC 'p' >",
            "<!NOTATION n PUBLIC 'p' 's'>",
        ],
        &[
            "<!ENTITY e>",
            "<!ENTITY e x>",
            "<!ENTITY 1 'x'>",
            "<!ENTITYe 'x'>",
            "<!ENTITY e'x'>",
            "<!ENTITY e 'x\">",
            "<!ENTITY e '&'>",
            "<!ENTITY e '&x'>",
            "<!ENTITY e '&#0;'>",
            "<!ENTITY e '&#x110000;'>",
            "<!ENTITY e '100%'>",
            "<!ENTITY e '%p;'>",
            "<!ENTITY e 'x' 'y'>",
            "<!ENTITY e 'x' NDATA n>",
            "<!ENTITY e SYSTEM>",
            "<!ENTITY e SYSTEM 's'NDATA n>",
            "<!ENTITY e SYSTEM 's' NDATA>",
            "<!ENTITY e SYSTEM 's' ndata n>",
            "<!ENTITY e PUBLIC 'p'>",
            "<!ENTITY %e 'x'>",
            "<!ENTITY % e SYSTEM 's' NDATA n>",
            "<!ENTITY % 'x'>",
            "<!entity e 'x'>",
            "<!NOTATION n>",
            "<!NOTATION SYSTEM 's'>",
            "<!NOTATION n 's'>",
            "<!NOTATION n PUBLIC '{'>",
            "<!NOTATION n SYSTEM 's' 's'>",
            "%p",
            "%;",
            "% p;",
        ],
    );
}

#[test]
fn entities_are_replaced_where_they_stand() {
    let check = |subset: &str, content: &str, expected: &str| {
        accepts(
            &format!("<!DOCTYPE a [{subset}]><a>{content}</a>"),
            &format!("<!DOCTYPE a><a>{expected}</a>"),
        );
    };
    check("<!ENTITY e 'x'>", "1&e;2", "1x2");
    check("<!ENTITY e 'x<b>y</b>'>", "1&e;2", "1x<b>y</b>2");
    check("<!ENTITY e '&f;&f;'><!ENTITY f 'y'>", "&e;", "yy");
    check("<!ENTITY e 'x'><!ENTITY e 'y'>", "&e;", "x");
    check("<!ENTITY e '&#60;b/>'>", "&e;", "<b/>");
    check("<!ENTITY e '&#38;#60;b/>'>", "&e;", "&lt;b/&gt;");
    check("<!ENTITY e '&lt;b/>'>", "&e;", "&lt;b/&gt;");
    check("<!ENTITY lt 'x'>", "&lt;", "&lt;");
    check("<!ENTITY e '\"\t'>", "<b c=\"&e;\"/>", "<b c=\"&quot; \"/>");
    check("<!ENTITY e 'x'>", "<b c='&e;&e;'/>", "<b c=\"xx\"/>");
    check("<!ENTITY e ''>", "&e;<b c='&e;'/>", "<b c=\"\"/>");
    check(
        "<!ENTITY e '<![CDATA[&f;]]><!--&f;--><?p &f;?>'>",
        "&e;",
        "<![CDATA[&f;]]><!--&f;--><?p &f;?>",
    );
    check("<!ENTITY e SYSTEM 's'>", "1&e;2", "12");
    // The specification's own example, of its appendix D.
    check(
        "<!ENTITY % xx '&#37;zz;'><!ENTITY % zz '&#60;!ENTITY tricky \"error-prone\" >' >%xx;",
        "This sample shows a &tricky; method.",
        "This sample shows a error-prone method.",
    );
    check(
        "<!ENTITY % p '<!ENTITY e \"x\"> <!-- c --> '>%p;",
        "&e;",
        "x",
    );
}

#[test]
fn entities_are_declared_whole_and_not_recursive() {
    let refuse = |subset: &str, content: &str| {
        refuses(&[&format!("<!DOCTYPE a [{subset}]><a>{content}</a>")]);
    };
    refuse("", "&e;");
    refuse("<!ENTITY e '&f;'>", "&e;");
    refuse("<!ENTITY e '&e;'>", "&e;");
    refuse("<!ENTITY e '&f;'><!ENTITY f '&e;'>", "&e;");
    refuse("<!ENTITY e '&f;'><!ENTITY f '&e;'>", "<b c='&e;'/>");
    refuse("<!ENTITY e '<b>'>", "&e;</b>");
    refuse("<!ENTITY e '</b>'>", "<b>&e;");
    refuse("<!ENTITY e '</a><a>'>", "&e;");
    refuse("<!ENTITY e '<b'>", "&e;/>");
    refuse("<!ENTITY e '<b c=\"'>", "&e;\"/>");
    refuse("<!ENTITY e '<!-- '>", "&e;-->");
    refuse("<!ENTITY e '&#38;'>", "&e;");
    refuse("<!ENTITY e '&#38;lt'>", "&e;;");
    refuse("<!ENTITY e '<b/>'>", "<b c='&e;'/>");
    refuse("<!ENTITY e '&#60;'>", "<b c='&e;'/>");
    refuse("<!ENTITY e '&f;'><!ENTITY f '<'>", "<b c='&e;'/>");
    refuse("<!ENTITY e SYSTEM 's'>", "<b c='&e;'/>");
    refuse("<!ENTITY e SYSTEM 's' NDATA n>", "&e;");
    refuse("<!ENTITY e SYSTEM 's' NDATA n>", "<b c='&e;'/>");
    refuse("<!ENTITY e '<?xml version=\"1.0\"?>'>", "&e;");
    refuse("<!ENTITY e '\u{FEFF}<'>", "&e;");
    refuse("<!ENTITY % e '<!ENTITY f \"x\"'>%e;>", "");
    refuse("<!ENTITY % e 'text'>%e;", "");
    refuse("<!ENTITY % e '%e;'>", "");
    refuse("<!ENTITY % e '&#37;e;'>%e;", "");
    refuse("<!ENTITY % e '&#37;f;'><!ENTITY % f '&#37;e;'>%e;", "");
    refuse("<!ENTITY % e 'ANY'><!ELEMENT a %e;>", "");
    refuse("<!ENTITY e 'x'>", "<!DOCTYPE a>");
    refuse("<!ATTLIST a b CDATA '&e;'><!ENTITY e 'x'>", "");
    refuses(&[
        "<!DOCTYPE a [<!ENTITY e 'x'>]><a/>&e;",
        "<!DOCTYPE a [<!ENTITY e '<a/>'>]>&e;",
    ]);
}

#[test]
fn what_was_not_read_may_have_declared_an_entity() {
    accepts(
        "<!DOCTYPE a SYSTEM 's'><a>1&e;2</a>",
        "<!DOCTYPE a SYSTEM \"s\"><a>12</a>",
    );
    accepts(
        "<!DOCTYPE a [<!ENTITY % p SYSTEM 's'>%p;]><a>1&e;2</a>",
        "<!DOCTYPE a><a>12</a>",
    );
    accepts(
        "<!DOCTYPE a [<!ENTITY % p SYSTEM 's'>%p;<!ENTITY e 'x'>]><a>&e;</a>",
        "<!DOCTYPE a><a/>",
    );
    refuses(&[
        "<?xml version='1.0' standalone='yes'?><!DOCTYPE a SYSTEM 's'><a>&e;</a>",
        "<!DOCTYPE a [<!ENTITY e SYSTEM 's'>]><a>&f;</a>",
    ]);
}

#[test]
fn default_attributes_are_added_and_types_normalise() {
    let check = |subset: &str, content: &str, expected: &str| {
        accepts(
            &format!("<!DOCTYPE a [{subset}]>{content}"),
            &format!("<!DOCTYPE a>{expected}"),
        );
    };
    check("<!ATTLIST a b CDATA 'x'>", "<a/>", "<a b=\"x\"/>");
    check("<!ATTLIST a b CDATA 'x'>", "<a b='y'/>", "<a b=\"y\"/>");
    check(
        "<!ATTLIST a b CDATA 'x' b CDATA 'y'>",
        "<a/>",
        "<a b=\"x\"/>",
    );
    check(
        "<!ATTLIST a b CDATA 'x'><!ATTLIST a b CDATA 'y' c CDATA 'z'>",
        "<a/>",
        "<a b=\"x\" c=\"z\"/>",
    );
    check(
        "<!ATTLIST a b NMTOKENS #IMPLIED c CDATA #IMPLIED>",
        "<a b='  x\n  y ' c=' x '/>",
        "<a b=\"x y\" c=\" x \"/>",
    );
    check("<!ATTLIST a b ID ' x '>", "<a/>", "<a b=\"x\"/>");
    check(
        "<!ATTLIST a b NMTOKENS #IMPLIED>",
        "<a b='&#32;x&#32;&#9;'/>",
        "<a b=\"x &#9;\"/>",
    );
    check(
        "<!ENTITY e 'x'><!ATTLIST a b CDATA '&e;'>",
        "<a/>",
        "<a b=\"x\"/>",
    );
    check(
        "<!ATTLIST a xmlns CDATA #FIXED 'urn:x'>",
        "<a/>",
        "<a xmlns=\"urn:x\"/>",
    );
    check(
        "<!ATTLIST a xmlns:p CDATA 'urn:x' p:b CDATA 'y'>",
        "<a/>",
        "<a xmlns:p=\"urn:x\" p:b=\"y\"/>",
    );
}

#[test]
fn xhtml_doctypes_bring_the_entities_of_html() {
    let xhtml = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"s\">";
    accepts(
        &format!("{xhtml}<p t='&eacute;'>&nbsp;&hellip;&lt;</p>"),
        &format!("{xhtml}<p t=\"é\">\u{A0}…&lt;</p>"),
    );
    accepts(
        "<!DOCTYPE p PUBLIC '-//W3C//DTD XHTML 1.1//EN' 's' [<!ENTITY nbsp 'own'>]><p>&nbsp;</p>",
        "<!DOCTYPE p PUBLIC \"-//W3C//DTD XHTML 1.1//EN\" \"s\"><p>own</p>",
    );
    // Another doctype's entities are unknown, and skipped.
    accepts(
        "<!DOCTYPE p PUBLIC 'x' 's'><p>&nbsp;</p>",
        "<!DOCTYPE p PUBLIC \"x\" \"s\"><p/>",
    );
}

#[test]
fn errors_say_where_and_why() {
    for (text, line, column, word) in [
        ("<a>\n  <b></c>\n</a>", 2, 8, "\"b\""),
        ("<a>\r\n\r\né&x;</a>", 3, 3, "\"x\""),
        ("<a b='1' b='2'/>", 1, 10, "twice"),
        ("<a>\u{1}</a>", 1, 4, "character"),
        ("<a>\n", 2, 1, "end tag of \"a\""),
        ("<!DOCTYPE a [\n<!ELEMENT a (b,c|d)>\n]><a/>", 2, 17, "mix"),
        (
            "<!DOCTYPE a [<!ENTITY e '<b>'>]>\n<a>&e;</b></a>",
            2,
            5,
            "entity \"e\"",
        ),
        ("<a><p:b/></a>", 1, 5, "prefix \"p\""),
    ] {
        let error = parse(text)
            .err()
            .unwrap_or_else(|| panic!("{text:?} was accepted"));
        assert!(error.message.contains(word), "{text:?}: {error}");
        assert_eq!(
            (error.line, error.column),
            (line, column),
            "{text:?}: {error}"
        );
    }
}

#[test]
fn namespaces_are_bound_before_use() {
    keeps("<a xmlns=\"urn:x\"><b/></a>");
    keeps("<p:a xmlns:p=\"urn:x\" p:b=\"1\"><p:c/></p:a>");
    keeps("<a xml:lang=\"en\"/>");
    keeps("<a xmlns:p=\"urn:x\" b=\"1\" p:b=\"2\"/>");
    keeps("<a xmlns=\"urn:x\"><b xmlns=\"\"/></a>");
    accepts(
        "<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
        "<a/>",
    );
    refuses_as(
        XmlErrorKind::Namespace,
        &[
            "<p:a/>",
            "<a p:b=''/>",
            "<a><b xmlns:p='u'/><p:c/></a>",
            "<a xmlns:p=''/>",
            "<a xmlns:xmlns='u'/>",
            "<a xmlns:xml='u'/>",
            "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
            "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
            "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
            "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
            "<xmlns:a/>",
            "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>",
            "<a :b=''/>",
            "<a b:=''/>",
            "<:a/>",
            "<a:/>",
            "<a:b:c xmlns:a='u'/>",
            "<a xmlns:p='u' p:1=''/>",
            "<?p:q?><a/>",
            "<a><?p:q?></a>",
            "<!DOCTYPE a [<!ENTITY p:e 'x'>]><a/>",
            "<!DOCTYPE a [<!NOTATION p:n SYSTEM 's'>]><a/>",
            "<!DOCTYPE a:b:c><a/>",
        ],
    );
}

#[test]
fn elements_and_attributes_have_their_namespaces() {
    let (tree, document) = parse(
        "<a xmlns='urn:d' xmlns:p='urn:p' c='1' p:c='2'><p:b xmlns:p='urn:q'/><p:b/><b xmlns=''/></a>",
    )
    .expect("well-formed");
    let root = tree.document_element(document).expect("a root");
    assert_eq!(&**tree.namespace(root), "urn:d");
    assert_eq!(tree.attribute_ns(root, None, "c"), Some("1"));
    assert_eq!(tree.attribute_ns(root, Some("urn:p"), "c"), Some("2"));
    assert_eq!(
        tree.attribute_ns(root, Some("http://www.w3.org/2000/xmlns/"), "p"),
        Some("urn:p")
    );
    let namespaces: Vec<&str> = tree
        .children(root)
        .map(|child| &**tree.namespace(child))
        .collect();
    assert_eq!(namespaces, ["urn:q", "urn:p", ""]);
}

#[test]
fn template_children_go_to_its_contents() {
    let (tree, document) = parse("<template xmlns='http://www.w3.org/1999/xhtml'><p/></template>")
        .expect("well-formed");
    let template = tree.document_element(document).expect("a root");
    assert!(tree.first_child(template).is_none());
    let contents = tree.template_contents(template).expect("contents");
    assert!(tree.first_child(contents).is_some());
}

#[test]
fn text_is_one_node_across_references() {
    let (tree, document) =
        parse("<!DOCTYPE a [<!ENTITY e 'y&#38;lt;'>]><a>x&e;&amp;z&#33;</a>").expect("well-formed");
    let root = tree.document_element(document).expect("a root");
    assert_eq!(tree.children(root).count(), 1);
    assert_eq!(tree.text_content(root).as_deref(), Some("xy<&z!"));
}

#[test]
fn entity_bombs_stop_at_the_limit() {
    let mut laughs = String::from("<!DOCTYPE a [<!ENTITY l0 'lol'>");
    for level in 1..30 {
        let inner = format!("&l{};", level - 1).repeat(10);
        laughs.push_str(&format!("<!ENTITY l{level} '{inner}'>"));
    }
    for content in ["<a>&l29;</a>", "<a b='&l29;'/>"] {
        let error = parse(&format!("{laughs}]>{content}"))
            .err()
            .expect("refused");
        assert_eq!(error.kind, XmlErrorKind::Limit, "{error}");
    }
    // Empty entities, many times over.
    let empty = laughs.replace("'lol'", "''");
    assert!(parse(&format!("{empty}]><a>&l29;</a>")).is_err());
    // One long entity, often.
    let quadratic = format!(
        "<!DOCTYPE a [<!ENTITY e '{}'>]><a>{}</a>",
        "x".repeat(50_000),
        "&e;".repeat(50_000)
    );
    assert_eq!(
        parse(&quadratic).err().expect("refused").kind,
        XmlErrorKind::Limit
    );
    // Parameter entities.
    let mut parameters = String::from("<!DOCTYPE a [<!ENTITY % p0 '<!---->'>");
    for level in 1..30 {
        let inner = format!("&#37;p{};", level - 1).repeat(10);
        parameters.push_str(&format!("<!ENTITY % p{level} '{inner}'>"));
    }
    let error = parse(&format!("{parameters}%p29;]><a/>"))
        .err()
        .expect("refused");
    assert_eq!(error.kind, XmlErrorKind::Limit, "{error}");
    // Default attributes.
    let defaults = format!(
        "<!DOCTYPE a [<!ATTLIST b c CDATA '{}'>]><a>{}</a>",
        "x".repeat(50_000),
        "<b/>".repeat(50_000)
    );
    assert_eq!(
        parse(&defaults).err().expect("refused").kind,
        XmlErrorKind::Limit
    );
}

#[test]
fn long_chains_of_entities_end_in_an_error() {
    let mut chain = String::from("<!DOCTYPE a [<!ENTITY e0 'x'>");
    for level in 1..5_000 {
        chain.push_str(&format!("<!ENTITY e{level} '&e{};'>", level - 1));
    }
    for content in ["<a>&e4999;</a>", "<a b='&e4999;'/>"] {
        assert!(parse(&format!("{chain}]>{content}")).is_err());
    }
    assert!(parse(&format!("{chain}]><a b='&e400;'>&e400;</a>")).is_ok());
}

#[test]
fn depth_and_attributes_are_capped() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(parse(&nested(10_000)).is_ok());
    assert_eq!(
        parse(&nested(10_001)).err().expect("refused").kind,
        XmlErrorKind::Limit
    );
    let mut limits = XmlLimits::default();
    limits.max_depth = 3;
    assert!(parse_with(&nested(3), limits).is_ok());
    assert!(parse_with(&nested(4), limits).is_err());
    let attributes: String = (0..5_000).map(|index| format!(" a{index}=''")).collect();
    assert_eq!(
        parse(&format!("<a{attributes}/>"))
            .err()
            .expect("refused")
            .kind,
        XmlErrorKind::Limit
    );
}

#[test]
fn a_refused_document_is_left_empty() {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("about:blank"))
        .expect("room for a document");
    let before = tree.node_count();
    assert!(
        parse_xml(
            &mut tree,
            document,
            "<!--c--><a><b>x</b></c>",
            XmlLimits::default()
        )
        .is_err()
    );
    assert!(tree.first_child(document).is_none());
    assert_eq!(tree.node_count(), before);
    assert!(parse_xml(&mut tree, document, "<a/>", XmlLimits::default()).is_ok());
}
