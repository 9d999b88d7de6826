package dev.caravan.source;

import static dev.caravan.source.OptionNames.ENCODING;
import static dev.caravan.source.OptionNames.HEADER;
import static dev.caravan.source.OptionNames.NONE_ACCEPTED;
import static dev.caravan.source.OptionNames.PAYLOAD;
import static dev.caravan.source.OptionNames.PREFIX;
import static dev.caravan.source.OptionNames.PREFIX_OPTIONAL;
import static dev.caravan.source.OptionNames.SEPARATOR;
import static dev.caravan.source.OptionNames.SIGNATURE;
import static dev.caravan.source.OptionNames.TIMESTAMP_HEADER;
import static dev.caravan.source.OptionNames.TIMESTAMP_PREFIX;
import static dev.caravan.source.OptionNames.TOLERANCE;

import dev.caravan.settings.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads how one source's requests are verified. */
final class SchemeReader {
    private static final Duration DEFAULT_TOLERANCE = Duration.ofMinutes(5);
    private static final String STANDARD_SECRET_PREFIX = "whsec_";

    /** What the Standard Webhooks specification fixes; elsewhere a vendor or the user has to say it. */
    private static final Map<String, String> STANDARD_WEBHOOKS = Map.of(
            HEADER, "webhook-signature",
            PREFIX, "v1,",
            SEPARATOR, "space",
            ENCODING, "base64",
            PAYLOAD, "{header:webhook-id}.{timestamp}.{body}",
            TIMESTAMP_HEADER, "webhook-timestamp");

    private static final PayloadTemplate BODY = PayloadTemplate.parse("{body}", "");

    private final SourceOptions options;
    private final Method method;
    private final List<Secret> secrets;
    private final String publicUrl;

    SchemeReader(SourceOptions options, Method method, List<Secret> secrets, String publicUrl) {
        this.options = options;
        this.method = method;
        this.secrets = secrets;
        this.publicUrl = publicUrl;
    }

    Scheme read() {
        boolean noneAccepted = options.flag(NONE_ACCEPTED, options.own(NONE_ACCEPTED));
        return switch (method) {
            case HMAC_SHA256, HMAC_SHA1, HMAC_SHA512, STANDARD_WEBHOOKS -> hmac();
            case BEARER -> inHeader("Authorization", "Bearer ");
            case BASIC -> inHeader("Authorization", "Basic ");
            case TOKEN -> inHeader("", "");
            case NONE -> open(noneAccepted);
        };
    }

    private Scheme open(boolean accepted) {
        if (!accepted) {
            options.problem(
                    SIGNATURE,
                    "is none, so that anybody can send events; give a method, or set " + options.key(NONE_ACCEPTED)
                            + " = true.");
        }
        options.unused(OptionNames.OF_METHOD, options.key(SIGNATURE) + " is none");
        return new OpenScheme();
    }

    private Scheme inHeader(String defaultHeader, String defaultPrefix) {
        List<String> unused = new ArrayList<>(OptionNames.OF_METHOD);
        unused.removeAll(List.of(HEADER, PREFIX));
        options.unused(unused, options.key(SIGNATURE) + " is " + method.spelling());
        List<String> expected = new ArrayList<>();
        for (Secret secret : secrets) {
            if (method == Method.BASIC && secret.value().indexOf(':') < 1) {
                options.problem("secret", "is not user:password; give both, as " + SIGNATURE + " is basic.");
            }
            expected.add(method == Method.BASIC ? base64(secret.value()) : secret.value());
        }
        String prefix = or(PREFIX, defaultPrefix);
        // An authentication scheme and its credentials are separated by a space, which a properties file hides.
        String separated = defaultPrefix.isEmpty() || prefix.isEmpty() || prefix.endsWith(" ") ? prefix : prefix + " ";
        return new HeaderScheme(header(defaultHeader), separated, !defaultPrefix.isEmpty(), expected);
    }

    private Scheme hmac() {
        PayloadTemplate payload = payload();
        String header = header(or(HEADER, ""));
        String separator = separator(or(SEPARATOR, ""));
        boolean optional = options.flag(PREFIX_OPTIONAL, options.option(PREFIX_OPTIONAL, method));
        HeaderPart place = new HeaderPart(header, or(PREFIX, ""), optional, separator);
        return new HmacScheme(place, encoding(), payload, timestamp(payload, place), keys());
    }

    private PayloadTemplate payload() {
        String text = or(PAYLOAD, "{body}");
        PayloadTemplate payload = options.parsed(
                PAYLOAD,
                text,
                template -> PayloadTemplate.parse(template, publicUrl),
                BODY,
                "text with {method}, {uri}, {uri:decoded}, {timestamp}, {header:NAME} and {body}");
        if (!payload.signsBody()) {
            options.problem(PAYLOAD, "is \"" + text + "\", so that the body is not signed; add {body}.");
        }
        return payload;
    }

    private HmacScheme.@Nullable SignedTimestamp timestamp(PayloadTemplate payload, HeaderPart signature) {
        if (!payload.signsTimestamp()) {
            options.unused(
                    List.of(TIMESTAMP_HEADER, TIMESTAMP_PREFIX, TOLERANCE),
                    "the signature does not cover a {timestamp}");
            return null;
        }
        String header = or(TIMESTAMP_HEADER, "");
        if (header.isEmpty()) {
            options.problem(TIMESTAMP_HEADER, "is not set; name the header with the signed {timestamp}.");
        }
        boolean shared = header.equalsIgnoreCase(signature.header());
        HeaderPart place = new HeaderPart(header, or(TIMESTAMP_PREFIX, ""), false, shared ? signature.separator() : "");
        Duration tolerance = options.tolerance(options.option(TOLERANCE, method), DEFAULT_TOLERANCE);
        return new HmacScheme.SignedTimestamp(place, tolerance);
    }

    private HmacScheme.Encoding encoding() {
        String text = or(ENCODING, "hex");
        if (!text.equals("hex") && !text.equals("base64")) {
            options.problem(ENCODING, "is \"" + text + "\"; give hex or base64.");
        }
        return text.equals("base64") ? HmacScheme.Encoding.BASE64 : HmacScheme.Encoding.HEX;
    }

    private List<HmacKey> keys() {
        List<HmacKey> keys = new ArrayList<>();
        for (Secret secret : secrets) {
            byte[] bytes = method == Method.STANDARD_WEBHOOKS
                    ? standardSecret(secret.value())
                    : secret.value().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0) {
                keys.add(new HmacKey(method.algorithm(), bytes));
            }
        }
        return keys;
    }

    private byte[] standardSecret(String secret) {
        String encoded =
                secret.startsWith(STANDARD_SECRET_PREFIX) ? secret.substring(STANDARD_SECRET_PREFIX.length()) : secret;
        byte[] bytes = new byte[0];
        try {
            bytes = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            // Told below, without the exception's text, which quotes the secret.
        }
        if (bytes.length == 0) {
            options.problem("secret", "is not base64 after whsec_; copy the whole secret from the vendor.");
        }
        return bytes;
    }

    private String header(String def) {
        String header = or(HEADER, def);
        if (header.isEmpty()) {
            options.problem(HEADER, "is not set; name the header that " + method.spelling() + " reads.");
        }
        return header;
    }

    private String separator(String text) {
        return switch (text) {
            case "space" -> " ";
            case "comma" -> ",";
            case "semicolon" -> ";";
            default -> text;
        };
    }

    private String or(String option, String def) {
        String value = options.option(option, method);
        if (value != null) {
            return value;
        }
        return method == Method.STANDARD_WEBHOOKS ? STANDARD_WEBHOOKS.getOrDefault(option, def) : def;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
