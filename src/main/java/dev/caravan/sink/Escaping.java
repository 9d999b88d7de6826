package dev.caravan.sink;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * How a value of a payload is written into a text of the author's, so that it arrives as text. Control characters other
 * than tab and line feed, and halves of surrogate pairs, are removed in every escaping but {@link #PLAIN}.
 */
public enum Escaping {
    /** As it is. */
    PLAIN {
        @Override
        public String escape(String value, String before) {
            return value;
        }
    },

    /** Text without markup, as the values of JSON bodies and forms are: line breaks are line feeds. */
    TEXT {
        @Override
        public String escape(String value, String before) {
            return printable(value);
        }
    },

    /**
     * Slack's mrkdwn and text objects: {@code &}, {@code <}, {@code >} as entities, as Slack's formatting page asks.
     * Directly after a {@code <} of the author's the value is a link's target: what is no http, https or mailto URL is left
     * out there, so that {@code <!channel>} cannot be reached. Slack has no escape for {@code * _ ~ `}.
     */
    SLACK_MRKDWN {
        @Override
        public String escape(String value, String before) {
            String text = printable(value);
            if (before.endsWith("<!")) {
                return "";
            }
            return entities(before.endsWith("<") ? linkTarget(text) : text);
        }

        private String linkTarget(String text) {
            String url = UrlText.tidy(text).replace("|", "%7C");
            return UrlText.isWeb(url) || url.startsWith("mailto:") ? url : "";
        }

        private String entities(String text) {
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        }
    },

    /** Between the quotes of a JSON string. */
    JSON_STRING {
        @Override
        public String escape(String value, String before) {
            return new String(JsonStringEncoder.getInstance().quoteAsString(printable(value)));
        }
    },

    /**
     * A URL: a value at its very beginning stands as the URL that it is, with what no URL may hold percent-encoded;
     * anywhere else it is one part, percent-encoded, and can neither leave its path segment nor add a parameter.
     */
    URL {
        @Override
        public String escape(String value, String before) {
            String text = printable(value);
            return before.isEmpty() ? UrlText.tidy(text) : part(text);
        }

        private String part(String text) {
            // As a whole segment a dot would lead out of the path.
            boolean dots = text.equals(".") || text.equals("..");
            return dots ? text.replace(".", "%2E") : encoded(text);
        }
    },

    /** HTML and XHTML: text, and the value of a quoted attribute. What remains is legal in XML 1.0. */
    HTML {
        @Override
        public String escape(String value, String before) {
            return printable(value)
                    .replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("\"", "&quot;")
                    .replace("'", "&#39;");
        }
    },

    /**
     * Between the quotes of a string in Salesforce's SOQL: the backslash escapes of its "Quoted String Escape Sequences".
     * {@code %} and {@code _} keep their meaning in a {@code LIKE}.
     */
    SOQL {
        @Override
        public String escape(String value, String before) {
            return printable(value)
                    .replace("\\", "\\\\")
                    .replace("'", "\\'")
                    .replace("\"", "\\\"")
                    .replace("\n", "\\n")
                    .replace("\t", "\\t");
        }
    },

    /** One line, as the headers of mail and HTTP are: line breaks, tabs and control characters in a row become one space. */
    HEADER {
        @Override
        public String escape(String value, String before) {
            return printable(CONTROLS.matcher(value).replaceAll(" ")).strip();
        }
    };

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

    /**
     * The value for where it stands.
     *
     * @param before what the author wrote between the placeholder and the one before it, or the text's beginning
     */
    public abstract String escape(String value, String before);

    /** The value for a place that is not the beginning of its text: for a {@link #URL}, one part of it. */
    public String escape(String value) {
        return escape(value, "}");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String printable(String value) {
        String text = value.replace("\r\n", "\n").replace('\r', '\n');
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().filter(Escaping::isPrintable).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    private static boolean isPrintable(int point) {
        boolean control = Character.isISOControl(point) && point != '\t' && point != '\n';
        boolean half = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
        return !control && !half && point != 0xFFFE && point != 0xFFFF;
    }
}
