package dev.caravan.sink;

import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.RichText.Break;
import dev.caravan.sink.RichText.Bullets;
import dev.caravan.sink.RichText.Heading;
import dev.caravan.sink.RichText.Inline;
import dev.caravan.sink.RichText.Numbered;
import dev.caravan.sink.RichText.Paragraph;
import dev.caravan.sink.RichText.Text;
import java.util.List;

/**
 * Blocks as HTML that is also well-formed XHTML, without a root element: {@code h1} to {@code h6}, {@code p}, {@code ul},
 * {@code ol}, {@code li}, {@code br}, {@code strong}, {@code em}, {@code code}, {@code a}; no attribute but {@code href}.
 * For HTML mails, HubSpot notes, Salesforce ContentNotes, Confluence's storage format.
 */
public final class HtmlText {
    private final StringBuilder html = new StringBuilder();

    private HtmlText() {}

    public static String of(List<Block> blocks) {
        HtmlText text = new HtmlText();
        blocks.forEach(text::block);
        return text.html.toString();
    }

    private void block(Block block) {
        if (block instanceof Heading heading) {
            element("h" + heading.level(), heading.inlines());
        } else if (block instanceof Paragraph paragraph) {
            element("p", paragraph.inlines());
        } else if (block instanceof Bullets bullets) {
            list("ul", bullets.items());
        } else if (block instanceof Numbered numbered) {
            list("ol", numbered.items());
        }
    }

    private void list(String name, List<List<Inline>> items) {
        html.append('<').append(name).append('>');
        items.forEach(item -> element("li", item));
        html.append("</").append(name).append('>');
    }

    private void element(String name, List<Inline> inlines) {
        html.append('<').append(name).append('>');
        for (Inline inline : inlines) {
            if (inline instanceof Break) {
                html.append("<br/>");
            } else if (inline instanceof Text text) {
                html.append(text(text));
            }
        }
        html.append("</").append(name).append('>');
    }

    private static String text(Text text) {
        String inner = Escaping.HTML.escape(text.text());
        inner = text.code() ? "<code>" + inner + "</code>" : inner;
        inner = text.italic() ? "<em>" + inner + "</em>" : inner;
        inner = text.bold() ? "<strong>" + inner + "</strong>" : inner;
        String href = text.href();
        return href == null ? inner : "<a href=\"" + Escaping.HTML.escape(href) + "\">" + inner + "</a>";
    }
}
