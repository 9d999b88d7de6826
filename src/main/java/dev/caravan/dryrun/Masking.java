package dev.caravan.dryrun;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Shows a captured request without what must not be shown. In doubt it hides. */
final class Masking {
    private static final String MASK = "***";
    /** Whose URLs are passwords. */
    private static final List<Wildcards> SECRET_PATHS = List.of(
            Wildcards.of("hooks.slack.com"),
            Wildcards.of("hooks.zapier.com"),
            Wildcards.of("hook.*"),
            Wildcards.of("*.webhook.office.com"),
            Wildcards.of("discord.com"));

    private static final Pattern TELLING_NAME =
            Pattern.compile("(?i).*(auth|token|secret|passw|api-?_?key|cookie|signature|credential|session).*");
    private static final Pattern SECRET_PARAMETER = Pattern.compile(
            "(?i)([?&](?:[^=&]*(?:token|secret|passw|pwd|key|sig|signature|credential|code|assertion))=)[^&]*");
    private static final Pattern TELLING_FIELD = Pattern.compile(
            "(?i)(\"?(?:token|access_token|refresh_token|client_secret|api_key|password|secret|assertion|key)\"?\\s*[:=]\\s*\"?)[^\"&,}\\s]+");
    /** A path segment that looks like made by a machine to be unguessable. */
    private static final Pattern RANDOM_SEGMENT =
            Pattern.compile("(?<=/)(?=[^/]*[0-9])(?=[^/]*[a-zA-Z])[A-Za-z0-9_-]{24,}(?=/|$)");

    private Masking() {}

    static String url(CapturedRequest request) {
        String base = request.scheme() + "://" + request.host();
        if (SECRET_PATHS.stream().anyMatch(host -> host.matches(request.host()))) {
            return base + "/" + MASK;
        }
        String query = request.target().substring(request.path().length());
        return base
                + RANDOM_SEGMENT.matcher(request.path()).replaceAll(MASK)
                + SECRET_PARAMETER.matcher(query).replaceAll("$1" + MASK);
    }

    static Map<String, String> headers(CapturedRequest request) {
        Map<String, String> shown = new TreeMap<>();
        request.headers()
                .forEach((name, values) -> shown.put(
                        name, TELLING_NAME.matcher(name).matches() ? masked(values) : String.join(", ", values)));
        return shown;
    }

    /** Keeps the scheme of an Authorization header. */
    private static String masked(List<String> values) {
        String first = values.isEmpty() ? "" : values.get(0);
        int space = first.indexOf(' ');
        String scheme = space < 0 ? "" : first.substring(0, space).toLowerCase(Locale.ROOT);
        return scheme.equals("bearer") || scheme.equals("basic") ? first.substring(0, space) + " " + MASK : MASK;
    }

    static String body(CapturedRequest request) {
        return TELLING_FIELD.matcher(request.text()).replaceAll("$1" + MASK);
    }
}
