package dev.caravan.sink;

import java.util.regex.Pattern;

/** Texts as Slack takes them. Lengths are counted in UTF-16 units, the stricter of the counts that Slack may use. */
final class SlackText {
    /** Of a message's text; Slack cuts what is longer (changelog "Truncating really long messages", 2018-04). */
    static final int MESSAGE = 40_000;

    private static final Pattern LINK_WITHOUT_TARGET = Pattern.compile("<(\\|[^<>\\n]*)?>");
    private static final Pattern BARE_AMPERSAND = Pattern.compile("&(?!(?:amp|lt|gt);)");
    private static final Pattern BARE_LESS = Pattern.compile("<(?!(?:https?:|mailto:|tel:|slack:|[@#!]))");
    private static final int LONGEST_ENTITY = "&amp;".length();

    private SlackText() {}

    /**
     * A rendered text as Slack wants it: without the links whose target was absent, neither a dead link nor its label being
     * left, and with the author's own {@code &} and {@code <} escaped where they are no entity and begin no link or mention.
     */
    static String tidy(String text) {
        String living = LINK_WITHOUT_TARGET.matcher(text).replaceAll("");
        String ampersands = BARE_AMPERSAND.matcher(living).replaceAll("&amp;");
        return BARE_LESS.matcher(ampersands).replaceAll("&lt;");
    }

    /** At most {@code limit} units, an ellipsis at the end if it was cut; never cut within an entity, a {@code <…>} or a character. */
    static String truncate(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        int end = limit - 1;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        int entity = text.lastIndexOf('&', end - 1);
        if (entity >= 0 && end - entity < LONGEST_ENTITY && text.indexOf(';', entity) >= end) {
            end = entity;
        }
        int link = text.lastIndexOf('<', end - 1);
        if (link >= 0 && text.indexOf('>', link) >= end) {
            end = link;
        }
        return text.substring(0, end) + "…";
    }
}
