//! Pausing at scripts and writing at the insertion point.

use readystate_dom::parsing::html::{HtmlParser, HtmlParserOptions, Step};
use readystate_dom::serializing::html::inner_html;
use readystate_dom::{DocumentInit, NodeId, Tree};

struct Run {
    tree: Tree,
    document: NodeId,
    parser: HtmlParser,
    log: Vec<String>,
}

impl Run {
    fn new() -> Self {
        let mut tree = Tree::default();
        let document = tree.create_document(DocumentInit::html("")).unwrap();
        let options = HtmlParserOptions {
            scripting: true,
            ..HtmlParserOptions::default()
        };
        let parser = HtmlParser::new(&mut tree, document, options);
        Self {
            tree,
            document,
            parser,
            log: Vec::new(),
        }
    }

    fn body(&self) -> String {
        inner_html(&self.tree, self.tree.body(self.document).unwrap())
    }

    /// Runs scripts whose source is a list of lines: `write TEXT` writes, `see` logs the body.
    fn settle(&mut self, mut step: Step) {
        while let Step::Script(script) = step {
            self.execute(script);
            step = self.parser.resume(&mut self.tree);
        }
    }

    fn execute(&mut self, script: NodeId) {
        let source = self.tree.text_content(script).unwrap();
        self.tree.remove(script).unwrap();
        for line in source.split(';') {
            match line.trim().split_once(' ') {
                Some(("write", text)) => {
                    let text = text.replace('[', "<").replace(']', ">").replace('!', ";");
                    let mut step = self.parser.write(&mut self.tree, &text);
                    while let Step::Script(inner) = step {
                        self.execute(inner);
                        step = self.parser.resume(&mut self.tree);
                    }
                }
                _ if line.trim() == "see" => {
                    let body = self.body();
                    self.log.push(body);
                }
                _ => {}
            }
        }
    }

    fn all(markup: &str) -> Self {
        let mut run = Self::new();
        let step = run.parser.feed(&mut run.tree, markup);
        run.settle(step);
        let step = run.parser.end(&mut run.tree);
        run.settle(step);
        assert!(run.parser.is_done());
        run
    }
}

#[test]
fn a_script_runs_before_what_follows_is_parsed() {
    let run = Run::all("<p>a</p><script>see</script><p>b</p><script>see</script>");
    assert_eq!(run.log, ["<p>a</p>", "<p>a</p><p>b</p>"]);
}

#[test]
fn written_text_goes_before_the_rest_of_the_input() {
    let run = Run::all("<body>1<script>write 2[b]; see; write 3[/b]; see</script>4");
    assert_eq!(run.log, ["12<b></b>", "12<b>3</b>"]);
    assert_eq!(run.body(), "12<b>3</b>4");
}

#[test]
fn a_tag_may_be_written_in_pieces_and_be_finished_by_the_input() {
    let run = Run::all("<body><script>write [i; see; write  class=x; see</script>>a</i>b");
    assert_eq!(run.log, ["", ""]);
    assert_eq!(run.body(), r#"<i class="x">a</i>b"#);
}

#[test]
fn a_written_script_runs_at_once_and_its_text_goes_before_the_rest_of_the_outer_text() {
    let run =
        Run::all("<body>0<script>write 1[script]write 2! see[/script]3; see; write 4</script>5");
    assert_eq!(run.log, ["012", "0123"]);
    assert_eq!(run.body(), "012345");
}

#[test]
fn scripts_nest_as_deep_as_they_are_written() {
    let run = Run::all(
        "<body><script>write a[script]write b[/script]c[script]write d[/script]e; write f</script>g",
    );
    assert_eq!(run.body(), "abcdefg");
}

#[test]
fn input_that_comes_while_a_script_is_pending_waits() {
    let mut run = Run::new();
    let step = run.parser.feed(&mut run.tree, "<body>a<script></script>b");
    let Step::Script(script) = step else {
        panic!("{step:?}")
    };
    assert!(run.parser.is_paused());
    assert_eq!(run.parser.feed(&mut run.tree, "c"), Step::NeedsInput);
    assert_eq!(run.parser.end(&mut run.tree), Step::NeedsInput);
    assert_eq!(run.body(), "a<script></script>");
    run.tree.remove(script).unwrap();
    assert_eq!(run.parser.resume(&mut run.tree), Step::Done);
    assert_eq!(run.body(), "abc");
}

#[test]
fn a_written_script_that_must_load_blocks_what_was_written_after_it() {
    let mut run = Run::new();
    let step = run.parser.feed(&mut run.tree, "<body>a<script></script>z");
    let Step::Script(outer) = step else {
        panic!("{step:?}")
    };
    run.tree.remove(outer).unwrap();
    // The outer script writes one with a source, which the embedder must fetch.
    let step = run.parser.write(&mut run.tree, "b<script src=x></script>d");
    let Step::Script(external) = step else {
        panic!("{step:?}")
    };
    run.parser.block();
    assert_eq!(run.parser.write(&mut run.tree, "e"), Step::NeedsInput);
    assert_eq!(run.parser.resume(&mut run.tree), Step::NeedsInput);
    assert_eq!(run.parser.feed(&mut run.tree, "y"), Step::NeedsInput);
    assert!(run.body().ends_with("</script>"));
    // It has come, and writes in turn.
    run.parser.unblock();
    run.tree.remove(external).unwrap();
    assert_eq!(run.parser.write(&mut run.tree, "c"), Step::NeedsInput);
    assert_eq!(run.body(), "abc");
    assert_eq!(run.parser.resume(&mut run.tree), Step::NeedsInput);
    assert_eq!(run.body(), "abcdezy");
}

#[test]
fn an_aborted_parser_stays_where_it_is() {
    let mut run = Run::new();
    run.parser.feed(&mut run.tree, "<body>a<script></script>b");
    run.parser.abort(&mut run.tree);
    assert_eq!(run.parser.resume(&mut run.tree), Step::Done);
    assert_eq!(run.parser.feed(&mut run.tree, "c"), Step::Done);
    assert_eq!(run.body(), "a<script></script>");
}

#[test]
fn without_scripting_the_parser_pauses_nowhere() {
    let mut tree = Tree::default();
    let document = tree.create_document(DocumentInit::html("")).unwrap();
    let mut parser = HtmlParser::new(&mut tree, document, HtmlParserOptions::default());
    assert_eq!(
        parser.feed(&mut tree, "<script>1</script><p>"),
        Step::NeedsInput
    );
    assert_eq!(parser.end(&mut tree), Step::Done);
    assert_eq!(tree.get_elements_by_tag_name(document, "p").len(), 1);
}

#[test]
fn a_document_may_be_written_without_any_input() {
    let mut run = Run::new();
    assert_eq!(run.parser.write(&mut run.tree, "<p>a"), Step::NeedsInput);
    assert_eq!(run.parser.write(&mut run.tree, "b</p>"), Step::NeedsInput);
    assert_eq!(run.body(), "<p>ab</p>");
    assert_eq!(run.parser.end(&mut run.tree), Step::Done);
}

#[test]
fn the_encoding_a_meta_names_is_told() {
    let mut run = Run::new();
    run.parser.feed(&mut run.tree, "<meta charset=koi8-r>");
    assert_eq!(run.parser.take_encoding_label().as_deref(), Some("koi8-r"));
    assert_eq!(run.parser.take_encoding_label(), None);
}
