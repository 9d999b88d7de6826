package dev.caravan.docs;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Camel's expressions, in few words. */
final class Condition {
    private static final int LIMIT = 70;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([\\w.-]+)(?::[^{}]*)?}}");
    private static final Pattern QUOTED_KEY = Pattern.compile("'(\\{\\{[^']*}})'");
    private static final Pattern VALUE = Pattern.compile("\\$\\{([^{}]*)}");
    private static final Pattern INDEX = Pattern.compile("\\??\\[([^\\]]*)]");
    private static final Pattern OF_TYPE = Pattern.compile("eventType = '([\\w.*-]+)'");

    private Condition() {}

    /** What an EIP's expression says: {@code simple: "…"}, or below {@code expression}. */
    static String of(Map<String, Object> eip) {
        Map<String, Object> nested = Tree.map(eip.get("expression"));
        Map<String, Object> from = nested.isEmpty() ? eip : nested;
        for (String language :
                new String[] {"simple", "jsonpath", "jq", "constant", "tokenize", "method", "language"}) {
            Object written = from.get(language);
            if (written != null) {
                String text = Tree.text(written);
                return shortened(text.isEmpty() ? Tree.text(Tree.map(written).get("expression")) : text);
            }
        }
        return "";
    }

    static String shortened(String expression) {
        String text =
                QUOTED_KEY.matcher(expression.strip().replaceAll("\\s+", " ")).replaceAll("$1");
        for (String before = ""; !before.equals(text); ) {
            before = text;
            text = PLACEHOLDER.matcher(text).replaceAll("$1");
        }
        for (String before = ""; !before.equals(text); ) {
            before = text;
            text = VALUE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found.group(1))));
        }
        text = text.replace(" == ", " = ")
                .replace(" != ''", " is set")
                .replace(" != null", " is set")
                .replace(" = null", " is not set")
                .replace(" && ", " and ")
                .replace(" || ", " or ");
        text = OF_TYPE.matcher(text).replaceAll("$1");
        return text.length() > LIMIT ? text.substring(0, LIMIT - 1).strip() + "…" : text;
    }

    private static String value(String inside) {
        String plain = inside.strip().startsWith("variable.")
                ? inside.strip().substring("variable.".length())
                : inside.strip();
        if (plain.startsWith("body")) {
            String path = INDEX.matcher(plain).replaceAll(".$1");
            return path.startsWith("body.") ? path.substring("body.".length()) : path;
        }
        return INDEX.matcher(plain).replaceAll(".$1");
    }
}
