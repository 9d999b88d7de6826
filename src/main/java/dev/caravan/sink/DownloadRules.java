package dev.caravan.sink;

import dev.caravan.settings.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What {@code download-json-action} may fetch.
 *
 * @param hosts host names that may be fetched from; {@code *.example.com} means every name under example.com
 * @param privateHosts those that may be, and have private addresses and plain http too
 * @param maxBytes of an answer's body, after decompression
 * @param timeout of a whole download, from connecting to the last byte
 */
public record DownloadRules(List<String> hosts, List<String> privateHosts, long maxBytes, Duration timeout) {
    public static final long DEFAULT_MAX_BYTES = 10L * 1024 * 1024;
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

    public DownloadRules {
        hosts = List.copyOf(hosts);
        privateHosts = List.copyOf(privateHosts);
    }

    /**
     * What the settings allow: {@code caravan.download.hosts}, {@code .private-hosts} (both comma-separated, default
     * none), {@code .max-bytes} (10MiB) and {@code .timeout} (20s).
     */
    public static DownloadRules of(Settings settings) {
        return new DownloadRules(
                names(settings, "caravan.download.hosts"),
                names(settings, "caravan.download.private-hosts"),
                settings.bytes("caravan.download.max-bytes", DEFAULT_MAX_BYTES),
                settings.duration("caravan.download.timeout", DEFAULT_TIMEOUT));
    }

    private static List<String> names(Settings settings, String key) {
        return Arrays.stream(settings.text(key, "").split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** Nothing may be downloaded. */
    public static DownloadRules none() {
        return new DownloadRules(List.of(), List.of(), DEFAULT_MAX_BYTES, DEFAULT_TIMEOUT);
    }

    boolean allows(String host) {
        return matches(hosts, host) || allowsPrivate(host);
    }

    boolean allowsPrivate(String host) {
        return matches(privateHosts, host);
    }

    private static boolean matches(List<String> patterns, String host) {
        String name = plain(host);
        return patterns.stream().map(DownloadRules::plain).anyMatch(pattern -> {
            boolean wildcard = pattern.startsWith("*.") && pattern.length() > 2;
            return wildcard ? name.endsWith(pattern.substring(1)) : name.equals(pattern);
        });
    }

    private static String plain(String host) {
        String name = host.strip().toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
