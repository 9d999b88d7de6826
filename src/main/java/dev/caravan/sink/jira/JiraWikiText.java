package dev.caravan.sink.jira;

import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.RichText.Bullets;
import dev.caravan.sink.RichText.Heading;
import dev.caravan.sink.RichText.Inline;
import dev.caravan.sink.RichText.Numbered;
import dev.caravan.sink.RichText.Paragraph;
import dev.caravan.sink.RichText.Text;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Blocks as Jira's wiki markup ({@code /secure/WikiRendererHelpAction.jspa} of any Jira Server). Texts are escaped so that
 * they stay text: characters of the markup by a backslash, as that page says, and those that a backslash does not help
 * (itself, the colon of a URL, the at sign of an address, emoticons, entities) as HTML entities, which Jira passes on.
 */
final class JiraWikiText {
    /** In Jira's own editor the form for a mark that need not stand at a word's end. */
    private static final String BOLD = "{*}";

    private static final String ITALIC = "{_}";
    private static final String LINE_BREAK = "\\\\";

    private static final Pattern LINE_START = Pattern.compile("^(\\s*(?:h[1-6]|bq))\\.");
    private static final Pattern ESCAPED = Pattern.compile("&(?=#?\\w{1,31};)|\\\\|:(?=//)|(?<=\\bmailto):|@"
            + "|[:;](?=-?[()DP|])|\\((?=[!?/*+xyni-]\\)|on\\)|off\\)|\\*[rgby]\\)|flag)"
            + "|[{}\\[\\]*_|!#^~+]|(?<![\\p{L}\\p{N}])-|-(?![\\p{L}\\p{N}])|\\?(?=\\?)|(?<=\\?)\\?");
    private static final String BY_ENTITY = "&\\:;@(";

    private JiraWikiText() {}

    static String of(List<Block> blocks) {
        return blocks.stream().map(JiraWikiText::block).collect(Collectors.joining("\n\n"));
    }

    private static String block(Block block) {
        if (block instanceof Heading heading) {
            return "h" + heading.level() + ". " + line(heading.inlines(), " ");
        }
        if (block instanceof Paragraph paragraph) {
            return line(paragraph.inlines(), "\n");
        }
        return block instanceof Numbered numbered
                ? list("# ", numbered.items())
                : list("* ", ((Bullets) block).items());
    }

    private static String list(String marker, List<List<Inline>> items) {
        return items.stream().map(item -> marker + line(item, LINE_BREAK + " ")).collect(Collectors.joining("\n"));
    }

    private static String line(List<Inline> inlines, String lineBreak) {
        StringBuilder line = new StringBuilder();
        for (Inline inline : inlines) {
            line.append(inline instanceof Text text ? text(text) : lineBreak);
        }
        return line.toString();
    }

    private static String text(Text text) {
        String inner = escaped(text.text());
        inner = text.code() ? "{{" + inner + "}}" : inner;
        inner = text.italic() ? ITALIC + inner + ITALIC : inner;
        inner = text.bold() ? BOLD + inner + BOLD : inner;
        String href = text.href();
        return href == null ? inner : "[" + inner + "|" + target(href) + "]";
    }

    private static String target(String href) {
        return href.replace("|", "%7C")
                .replace("[", "%5B")
                .replace("]", "%5D")
                .replace("{", "%7B")
                .replace("}", "%7D");
    }

    /** A text that is neither markup nor a link nor a mention. */
    static String escaped(String text) {
        String marked = ESCAPED.matcher(text).replaceAll(found -> Matcher.quoteReplacement(escape(found.group())));
        return LINE_START.matcher(marked).replaceFirst("$1&#46;");
    }

    private static String escape(String character) {
        return BY_ENTITY.contains(character) ? "&#" + (int) character.charAt(0) + ";" : "\\" + character;
    }
}
