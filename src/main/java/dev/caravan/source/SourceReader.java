package dev.caravan.source;

import static dev.caravan.source.OptionNames.CHALLENGE;
import static dev.caravan.source.OptionNames.EVENTS;
import static dev.caravan.source.OptionNames.HANDSHAKE;
import static dev.caravan.source.OptionNames.KEY;
import static dev.caravan.source.OptionNames.PING_TYPES;
import static dev.caravan.source.OptionNames.SIGNATURE;
import static dev.caravan.source.OptionNames.TIME;
import static dev.caravan.source.OptionNames.TYPE;
import static dev.caravan.source.OptionNames.TYPES;

import com.fasterxml.jackson.core.JsonPointer;
import dev.caravan.settings.Lists;
import dev.caravan.settings.Secret;
import dev.caravan.settings.Settings;
import dev.caravan.settings.SystemSource;
import dev.caravan.source.EventIdentifier.Layout;
import dev.caravan.source.EventIdentifier.TypedKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the sources from the settings. */
final class SourceReader {
    private static final String PUBLIC_URL = "caravan.public-url";
    private static final String PLACES = "JSON Pointers such as /event, or header:NAME, separated by commas";
    private static final String ALLOWED_IN_NAMES = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    private static final Field NOWHERE = Field.parse("");
    private static final IdempotencyKey DIGEST = IdempotencyKey.parse("");

    private final Settings settings;
    private final Presets presets;
    private final String publicUrl;

    SourceReader(Settings settings, Presets presets) {
        this.settings = settings;
        this.presets = presets;
        this.publicUrl = publicUrl(settings);
    }

    List<Source> readAll() {
        List<Source> sources = new ArrayList<>();
        for (String name : settings.names("caravan.source")) {
            Source source = read(name);
            if (source != null) {
                sources.add(source);
            }
        }
        return List.copyOf(sources);
    }

    private @Nullable Source read(String name) {
        if (name.equals(SystemSource.NAME)) {
            settings.problem(
                    "caravan.source." + name,
                    "The source name \"" + name + "\" is that of Caravan's own events; give yours another.");
        }
        if (!isUrlSafe(name)) {
            settings.problem(
                    "caravan.source." + name,
                    "The source name \"" + name + "\" is part of a URL; use letters, digits, - and _ only.");
        }
        Optional<Preset> preset = preset(name);
        SourceOptions options = new SourceOptions(settings, name, preset.orElse(Preset.NONE));
        touch(options);
        List<Secret> secrets = settings.secrets(options.key("secret"));
        List<Secret> listKeys = settings.secrets(options.key(OptionNames.LIST_KEY));
        if (preset.isEmpty()) {
            return null;
        }
        Method method = method(options);
        Layout layout = layout(options);
        if (method == null) {
            return null;
        }
        Scheme scheme = new SchemeReader(options, method, secrets, publicUrl).read();
        Optional<VendorList> list = new VendorListReader(options).read(listKeys);
        Set<String> types = new TreeSet<>(list(options.option(TYPES)));
        return options.usable() && isUrlSafe(name) && !name.equals(SystemSource.NAME)
                ? new Source(name, scheme, new EventIdentifier(layout), types, secrets, list)
                : null;
    }

    /** Makes every option known, so that a mistyped one gets a suggestion and none that exists is called unknown. */
    private void touch(SourceOptions options) {
        OptionNames.OF_METHOD.forEach(option -> settings.exact(options.key(option)));
        OptionNames.OF_VENDOR.forEach(option -> settings.exact(options.key(option)));
        OptionNames.OF_LIST.forEach(option -> settings.exact(options.key(option)));
        settings.exact(options.key(OptionNames.NONE_ACCEPTED));
    }

    /** Empty if there is no preset of the name that is given. */
    private Optional<Preset> preset(String source) {
        String key = "caravan.source." + source + ".preset";
        Optional<String> written = settings.exact(key).map(String::strip);
        if (written.isEmpty()) {
            return Optional.of(Preset.NONE);
        }
        Optional<Preset> found = presets.find(written.get());
        if (found.isEmpty()) {
            settings.problem(
                    key,
                    key + " is \"" + written.get() + "\", which is no preset"
                            + SourceOptions.orKnown(written.get(), presets.names()));
        }
        return found;
    }

    private static @Nullable Method method(SourceOptions options) {
        String text = options.option(SIGNATURE);
        if (text == null) {
            options.problem(
                    SIGNATURE,
                    "is not set; give one of " + String.join(", ", Method.spellings()) + ", or a preset with "
                            + options.key("preset") + ".");
            return null;
        }
        Optional<Method> method = Method.of(text);
        if (method.isEmpty()) {
            options.problem(
                    SIGNATURE,
                    "is \"" + text + "\", which is no method"
                            + SourceOptions.orKnown(text.toLowerCase(Locale.ROOT), new TreeSet<>(Method.spellings())));
        }
        return method.orElse(null);
    }

    private static Layout layout(SourceOptions options) {
        String type = options.option(TYPE);
        if (type == null) {
            options.problem(TYPE, "is not set; give " + PLACES + ".");
        }
        String challenge = options.option(CHALLENGE);
        return new Layout(
                field(options, TYPE, type),
                field(options, TIME, options.option(TIME)),
                key(options, KEY),
                typedKeys(options),
                events(options),
                options.flag(HANDSHAKE, options.option(HANDSHAKE)),
                challenge == null || challenge.isEmpty() ? null : pointer(options, CHALLENGE, challenge),
                Set.copyOf(list(options.option(PING_TYPES))));
    }

    private static Field field(SourceOptions options, String option, @Nullable String text) {
        return text == null ? NOWHERE : options.parsed(option, text, Field::parse, NOWHERE, PLACES);
    }

    private static IdempotencyKey key(SourceOptions options, String option) {
        String text = options.option(option);
        return text == null
                ? DIGEST
                : options.parsed(
                        option, text, IdempotencyKey::parse, DIGEST, "places such as /event + /data/id, joined by +");
    }

    /** Exact types before patterns, long patterns before short ones. */
    private static List<TypedKey> typedKeys(SourceOptions options) {
        List<TypedKey> keys = new ArrayList<>();
        for (String pattern : options.keyPatterns()) {
            keys.add(new TypedKey(pattern, key(options, KEY + "." + pattern)));
        }
        keys.sort(Comparator.comparing((TypedKey key) -> key.pattern().endsWith("*"))
                .thenComparing(key -> -key.pattern().length()));
        return List.copyOf(keys);
    }

    private static @Nullable JsonPointer events(SourceOptions options) {
        String text = options.option(EVENTS);
        if (text == null || text.isEmpty()) {
            return null;
        }
        return text.equals("/") ? JsonPointer.empty() : pointer(options, EVENTS, text);
    }

    private static @Nullable JsonPointer pointer(SourceOptions options, String option, String text) {
        return options.parsed(
                        option,
                        text,
                        pointer -> Optional.of(JsonPointer.compile(pointer)),
                        Optional.<JsonPointer>empty(),
                        "a JSON Pointer such as /items")
                .orElse(null);
    }

    private static List<String> list(@Nullable String text) {
        return text == null ? List.of() : Lists.split(text);
    }

    private static String publicUrl(Settings settings) {
        String url = settings.text(PUBLIC_URL).orElse("").strip();
        String plain = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        if (!plain.isEmpty() && !plain.startsWith("https://") && !plain.startsWith("http://")) {
            settings.problem(PUBLIC_URL, PUBLIC_URL + " is no URL; give one such as https://hooks.example.org.");
        }
        return plain;
    }

    private static boolean isUrlSafe(String name) {
        return name.chars().allMatch(c -> ALLOWED_IN_NAMES.indexOf(c) >= 0);
    }
}
