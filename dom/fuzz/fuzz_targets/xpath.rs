//! XPath: an expression parses or does not; evaluating it ends, and its nodes are in order, each once.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readystate_dom::parsing::html::parse_document;
use readystate_dom::xpath::{XPathExpression, XPathNode, XPathValue};
use readystate_dom::{DocumentInit, Tree};

const PAGE: &str = "<div id=a class='x y'><p lang=en>1<b>2</b>text</p><!--c--><input checked><svg><a/></svg></div>";

fuzz_target!(|text: &str| {
    let mut tree = Tree::default();
    let Ok(document) = tree.create_document(DocumentInit::html("about:blank")) else {
        return;
    };
    parse_document(&mut tree, document, PAGE);
    let Ok(expression) = XPathExpression::parse(text)
        .and_then(|expression| expression.with_namespaces(|_| Some(String::new())))
    else {
        return;
    };
    let mut questions = 0;
    let value = expression.evaluate_while(&tree, document, &mut || {
        questions += 1;
        questions < 50
    });
    if let Ok(XPathValue::NodeSet(nodes)) = value {
        for pair in nodes.windows(2) {
            if let [XPathNode::Node(one), XPathNode::Node(two)] = pair {
                assert!(tree.precedes(*one, *two));
            }
        }
    }
});
