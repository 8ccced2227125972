//! What the XML parser accepts and refuses, production by production.

use crate::xml_checks::{accepts, keeps, parse, refuses};

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
