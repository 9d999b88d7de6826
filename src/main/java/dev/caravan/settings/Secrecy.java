package dev.caravan.settings;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Decides what of a setting may be shown. In doubt it hides. */
final class Secrecy {
    private static final List<String> TELLING = List.of(
            "secret",
            "token",
            "password",
            "passwd",
            "passphrase",
            "pwd",
            "credential",
            "api-key",
            "apikey",
            "api_key",
            "webhook-url",
            "webhookurl",
            "webhook_url",
            "authorization",
            "private",
            "access-key",
            "signing-key",
            "dsn");

    /** Key names that only sound secret. */
    private static final Pattern HARMLESS = Pattern.compile("^caravan\\.source\\.[^.]+\\.idempotency-key(\\..*)?$");

    private static final Pattern LAST_WORD_KEY = Pattern.compile("(^|[._-])key(\\.\\d+)?$|[a-z]Key$");
    private static final Pattern USER_INFO = Pattern.compile("(?i)([a-z][a-z0-9+.-]*://)\\S*@");
    private static final Pattern JDBC_USER_INFO = Pattern.compile("(?i)(jdbc:)(?!\\S*://)\\S*@");
    private static final Pattern SECRET_PARAMETER = Pattern.compile(
            "(?i)([a-z0-9_.-]*(?:secret|token|passw|pwd|key|credential|signature|sig)[a-z0-9_.-]*=)[^&;,\\s]*");
    private static final Pattern URL_PATH = Pattern.compile("(?i)(https?://[^/?#\\s]+)[/?#]\\S+");

    /** Shorter values appear by chance and give little away; replacing them would garble the rest. */
    private static final int SHORTEST_SEARCHED = 6;

    private Secrecy() {}

    static boolean isSecret(String key) {
        if (HARMLESS.matcher(key).matches()) {
            return false;
        }
        String lower = key.toLowerCase(Locale.ROOT);
        return TELLING.stream().anyMatch(lower::contains)
                || LAST_WORD_KEY.matcher(key).find();
    }

    /**
     * The value as it may be shown.
     *
     * @param secrets the values of secret keys, hidden wherever they turn up
     */
    static String shown(String key, String value, Collection<String> secrets) {
        if (value.isEmpty()) {
            return value;
        }
        if (isSecret(key)) {
            return Secret.MASK;
        }
        String shown = value;
        for (String secret : secrets) {
            if (secret.length() >= SHORTEST_SEARCHED) {
                shown = shown.replace(secret, Secret.MASK);
            }
        }
        shown = USER_INFO.matcher(shown).replaceAll("$1***@");
        shown = JDBC_USER_INFO.matcher(shown).replaceAll("$1***@");
        shown = SECRET_PARAMETER.matcher(shown).replaceAll("$1***");
        // The path of a destination's URL is often its password (Slack, Zapier, Make).
        return key.startsWith("caravan.") || key.startsWith("camel.")
                ? shown
                : URL_PATH.matcher(shown).replaceAll("$1/***");
    }
}
