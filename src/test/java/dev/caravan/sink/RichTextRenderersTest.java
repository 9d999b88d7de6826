package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.RichText.Break;
import dev.caravan.sink.RichText.Bullets;
import dev.caravan.sink.RichText.Heading;
import dev.caravan.sink.RichText.Inline;
import dev.caravan.sink.RichText.Numbered;
import dev.caravan.sink.RichText.Paragraph;
import dev.caravan.sink.RichText.Text;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

class RichTextRenderersTest {
    private static final List<Block> EXAMPLE = List.of(
            new Heading(2, List.of(text("Interview"))),
            new Paragraph(List.of(
                    new Text("Score", true, false, false, null),
                    text(": 4"),
                    new Break(),
                    new Text("very", true, true, false, null),
                    text(" "),
                    new Text("x < 1", true, false, true, null),
                    text(" "),
                    new Text("Open", false, false, false, "https://a.example/?a=1&b='2'"))),
            new Bullets(List.of(List.of(text("one"), new Break(), text("more")), List.of(text("two")))),
            new Numbered(List.of(List.of(text("eins")), List.of(new Text("zwei", false, true, false, null)))));

    private static Text text(String text) {
        return new Text(text, false, false, false, null);
    }

    private static List<Inline> lines(String value) {
        return Inlines.tidy(Inlines.split(text(Hostile.withoutControls(value))));
    }

    private static List<Block> everywhere(String value) {
        List<Inline> inlines = lines(value);
        return List.of(
                new Heading(1, inlines),
                new Paragraph(inlines),
                new Bullets(List.of(inlines, inlines)),
                new Numbered(List.of(inlines)));
    }

    @Test
    void html() {
        assertThat(HtmlText.of(EXAMPLE))
                .isEqualTo("<h2>Interview</h2>"
                        + "<p><strong>Score</strong>: 4<br/><strong><em>very</em></strong> "
                        + "<strong><code>x &lt; 1</code></strong> "
                        + "<a href=\"https://a.example/?a=1&amp;b=&#39;2&#39;\">Open</a></p>"
                        + "<ul><li>one<br/>more</li><li>two</li></ul>"
                        + "<ol><li>eins</li><li><em>zwei</em></li></ol>");
    }

    @Test
    void plainText() {
        assertThat(PlainText.of(EXAMPLE)).isEqualTo("""
                        Interview

                        Score: 4
                        very x < 1 Open (https://a.example/?a=1&b='2')

                        - one
                          more
                        - two

                        1. eins
                        2. zwei""");
    }

    @Test
    void aLinkThatShowsItsTargetIsToldOnce() {
        assertThat(PlainText.line(List.of(
                        new Text("https://a.example/", false, false, false, "https://a.example/"),
                        text(" "),
                        new Text("a@b.example", false, false, false, "mailto:a@b.example"))))
                .isEqualTo("https://a.example/ a@b.example");
    }

    @Test
    void markdown() {
        assertThat(MarkdownText.of(EXAMPLE)).isEqualTo("""
                        ## Interview

                        **Score**: 4\\
                        ***very*** `x < 1` [Open](<https://a.example/?a=1\\&b='2'>)

                        - one\\
                          more
                        - two

                        1. eins
                        2. *zwei*""");
    }

    @Test
    void adf() throws Exception {
        JsonNode expected = new com.fasterxml.jackson.databind.ObjectMapper().readTree("""
                        {"version":1,"type":"doc","content":[
                          {"type":"heading","attrs":{"level":2},"content":[{"type":"text","text":"Interview"}]},
                          {"type":"paragraph","content":[
                            {"type":"text","text":"Score","marks":[{"type":"strong"}]},
                            {"type":"text","text":": 4"},
                            {"type":"hardBreak"},
                            {"type":"text","text":"very","marks":[{"type":"strong"},{"type":"em"}]},
                            {"type":"text","text":" "},
                            {"type":"text","text":"x < 1","marks":[{"type":"code"}]},
                            {"type":"text","text":" "},
                            {"type":"text","text":"Open",
                             "marks":[{"type":"link","attrs":{"href":"https://a.example/?a=1&b='2'"}}]}]},
                          {"type":"bulletList","content":[
                            {"type":"listItem","content":[{"type":"paragraph","content":[
                              {"type":"text","text":"one"},{"type":"hardBreak"},{"type":"text","text":"more"}]}]},
                            {"type":"listItem","content":[{"type":"paragraph","content":[
                              {"type":"text","text":"two"}]}]}]},
                          {"type":"orderedList","content":[
                            {"type":"listItem","content":[{"type":"paragraph","content":[
                              {"type":"text","text":"eins"}]}]},
                            {"type":"listItem","content":[{"type":"paragraph","content":[
                              {"type":"text","text":"zwei","marks":[{"type":"em"}]}]}]}]}]}""");
        assertThat(AdfText.of(EXAMPLE)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aValueInHtmlIsTextForAnXmlParser(String value) throws Exception {
        Element root = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader("<div>" + HtmlText.of(everywhere(value)) + "</div>")))
                .getDocumentElement();
        String expected = PlainText.line(lines(value));
        assertThat(children(root)).extracting(Node::getNodeName).containsExactly("h1", "p", "ul", "ol");
        assertThat(shown(root.getFirstChild())).isEqualTo(expected);
        assertThat(shown(root.getChildNodes().item(1))).isEqualTo(expected);
        assertThat(children(root.getLastChild())).hasSize(1);
        assertThat(shown(root.getLastChild().getFirstChild())).isEqualTo(expected);
    }

    private static List<Node> children(Node node) {
        List<Node> children = new ArrayList<>();
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            children.add(child);
        }
        return children;
    }

    private static String shown(Node node) {
        StringBuilder shown = new StringBuilder();
        for (Node child : children(node)) {
            assertThat(child.getNodeName()).isIn("#text", "br");
            shown.append(child.getNodeName().equals("br") ? "\n" : child.getTextContent());
        }
        return shown.toString();
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aValueInAdfIsTextNodes(String value) {
        JsonNode document = AdfText.of(everywhere(value));
        String expected = PlainText.line(lines(value));
        assertThat(document.path("content")).hasSize(4);
        assertThat(adfText(document.at("/content/0"))).isEqualTo(expected);
        assertThat(adfText(document.at("/content/1"))).isEqualTo(expected);
        assertThat(document.at("/content/2/content")).hasSize(2);
        assertThat(adfText(document.at("/content/2/content/1/content/0"))).isEqualTo(expected);
        assertThat(adfText(document.at("/content/3/content/0/content/0"))).isEqualTo(expected);
    }

    private static String adfText(JsonNode block) {
        StringBuilder shown = new StringBuilder();
        for (JsonNode node : block.path("content")) {
            String type = node.path("type").asText();
            assertThat(type).isIn(Set.of("text", "hardBreak"));
            assertThat(node.path("text").asText("-")).isNotEmpty().doesNotContain("\n");
            assertThat(node.has("marks")).isFalse();
            shown.append(type.equals("text") ? node.path("text").asText() : "\n");
        }
        return shown.toString();
    }

    @Test
    void nothingIsAnEmptyDocument() {
        assertThat(HtmlText.of(List.of())).isEmpty();
        assertThat(MarkdownText.of(List.of())).isEmpty();
        assertThat(PlainText.of(List.of())).isEmpty();
        assertThat(AdfText.of(List.of()).path("content")).isEmpty();
    }
}
