package dev.caravan.automation;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What an automation starts from: {@code inbox:koji,acme?events=a,b}, or {@code inbox} with parameters; resolved. */
record Origin(boolean isInbox, List<String> sources, List<String> events) {
    private static final String SCHEME = "inbox:";

    static Origin of(String uri, Map<String, String> parameters) {
        if (!isInbox(uri)) {
            return new Origin(false, List.of(), List.of());
        }
        String[] halves = uri.substring(Math.min(SCHEME.length(), uri.length())).split("\\?", 2);
        String written = halves[0].startsWith("//") ? halves[0].substring(2) : halves[0];
        String path = written.isEmpty() ? parameters.getOrDefault("sources", "") : written;
        String events = parameters.getOrDefault("events", halves.length > 1 ? option(halves[1], "events") : "");
        return new Origin(true, list(path), list(events));
    }

    /** Also the scheme alone, which takes its sources from the parameters. */
    static boolean isInbox(String uri) {
        return uri.startsWith(SCHEME) || uri.equals("inbox");
    }

    private static String option(String query, String name) {
        return Arrays.stream(query.split("&"))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
