package dev.caravan.sink;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Values that a payload may hold and that have to arrive as text wherever they are sent. */
public final class Hostile {
    public static final String SLACK_CHANNEL = "<!channel> <@U012AB3CD> <https://evil.example|click> @here";
    public static final String SQL = "'; DROP TABLE contacts; -- \" OR '1'='1";
    public static final String BACKSLASH_QUOTE = "\\' OR Name LIKE '%' \\";
    public static final String CDATA_END = "a ]]> b <![CDATA[ c";
    public static final String MACRO_END =
            "</ac:plain-text-body></ac:macro><ac:structured-macro ac:name=\"html\"/> &lt; &nbsp; &";
    public static final String SIMPLE = "${body} ${exec:id} $simple{body}";
    public static final String PLACEHOLDER = "{{env:PATH}} {{slack.token}} {{?x}}";
    public static final String CRLF = "first\r\nBcc: victim@evil.example\r\n\r\n<b>body</b>\rlast";
    public static final String LONG = "0123456789".repeat(10_000);
    public static final String LONG_EMOJI = "😀".repeat(50_000);
    public static final String LONG_MARKUP = "<&\"'>".repeat(20_000);
    public static final String EMOJI = "Grüße 👩‍👩‍👧‍👦 🇩🇪 ✅ 你好";
    public static final String RTL = "مرحبا \u202eevil\u202c שלום \u200f";
    public static final String CONTROLS = "a\u0000b\u0007c\u001bd\u007fe\u0085f\tg\ufffeh\uffff";
    public static final String HALF_SURROGATE = "half \ud83d and \ude00 of a character";
    public static final String HTML = "<script>alert(1)</script><img src=x onerror='x'>\" onmouseover=\"x &amp;";
    public static final String MARKDOWN =
            "# h\n- b\n1. n\n2) m\n> q\n```\ncode\n```\n**bold** _it_ ~~s~~ [l](javascript:x) ![i](http://x/y) `c` | a |\n---\n===";
    public static final String MENTION =
            "@channel @alice https://evil.example/x www.evil.example me@evil.example :smile:";
    public static final String MERGE_TAGS = "*|FNAME|* {{name}} {% raw %} %recipient.name% <%asm_group%>";
    public static final String JSON = "\",\"admin\":true,\"x\":{\"y\":[1,2";
    public static final String URL = "../../admin?x=1&y=2#z %2e%2e%2f %0d%0a";
    public static final String SCRIPT_URL = "javascript:alert(document.cookie)";
    public static final String SEPARATORS = "line\u2028separator\u2029paragraph\u00a0space\ufeffmark";
    public static final String SPACES = "    indented\n  \n\ttab  trailing  \n\n";

    private static final Pattern REFUSED = Pattern.compile("[\\p{Cc}\\p{Cs}\\ufffe\\uffff&&[^\\t\\n]]");
    private static final Map<String, String> ALL = all();

    private Hostile() {}

    private static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Slack's channel", SLACK_CHANNEL);
        all.put("SQL", SQL);
        all.put("backslash and quote", BACKSLASH_QUOTE);
        all.put("end of CDATA", CDATA_END);
        all.put("end of a macro", MACRO_END);
        all.put("Camel Simple", SIMPLE);
        all.put("placeholders", PLACEHOLDER);
        all.put("CRLF", CRLF);
        all.put("100,000 characters", LONG);
        all.put("100,000 units of emoji", LONG_EMOJI);
        all.put("100,000 characters of markup", LONG_MARKUP);
        all.put("emoji", EMOJI);
        all.put("right to left", RTL);
        all.put("control characters", CONTROLS);
        all.put("half surrogates", HALF_SURROGATE);
        all.put("HTML", HTML);
        all.put("Markdown", MARKDOWN);
        all.put("mentions", MENTION);
        all.put("merge tags", MERGE_TAGS);
        all.put("JSON", JSON);
        all.put("URL", URL);
        all.put("script URL", SCRIPT_URL);
        all.put("separators", SEPARATORS);
        all.put("spaces", SPACES);
        return all;
    }

    /** All of them. */
    public static List<String> values() {
        return List.copyOf(ALL.values());
    }

    /** All of them, named for reports: for {@code @MethodSource("dev.caravan.sink.Hostile#named")}. */
    public static Stream<Named<String>> named() {
        return ALL.entrySet().stream().map(entry -> Named.of(entry.getKey(), entry.getValue()));
    }

    /** What of a value a destination may refuse taken away, as the sinks do: CR, controls but tab and LF, half characters. */
    public static String withoutControls(String value) {
        return REFUSED.matcher(value.replace("\r\n", "\n").replace('\r', '\n')).replaceAll("");
    }

    /** The value's words: {@link #withoutControls}, each run of white space one space, none at the ends. */
    public static String words(String value) {
        return withoutControls(value).replaceAll("[\\s\\p{Z}]+", " ").strip();
    }
}
