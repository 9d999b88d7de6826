package dev.caravan.source;

import dev.caravan.settings.Settings;
import dev.caravan.settings.Suggestion;
import dev.caravan.settings.Units;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The options of one source: what the user wrote, else what the preset says for the method, else what the preset says
 * where that is its own method. Remembers whether one was unusable.
 */
final class SourceOptions {
    private final Settings settings;
    private final String start;
    private final Preset preset;
    private boolean usable = true;

    SourceOptions(Settings settings, String source, Preset preset) {
        this.settings = settings;
        this.start = "caravan.source." + source + ".";
        this.preset = preset;
    }

    /** Whether no option was unusable so far. */
    boolean usable() {
        return usable;
    }

    String key(String option) {
        return start + option;
    }

    /** The user's own value. */
    @Nullable String own(String option) {
        String value =
                settings.exact(key(option)).map(text -> trimmed(option, text)).orElse(null);
        if (value != null && value.isEmpty() && !OptionNames.MAY_BE_EMPTY.contains(base(option))) {
            problem(
                    option,
                    "is empty; give a value, or remove the line"
                            + (preset.name().isEmpty() ? "." : " for what the preset says."));
            return null;
        }
        return value;
    }

    @Nullable String option(String option) {
        String own = own(option);
        return own != null ? own : ofPreset(option, option);
    }

    /** An option that depends on the method. */
    @Nullable String option(String option, Method method) {
        String own = own(option);
        String ofMethod = own != null
                ? own
                : ofPreset(option, "method." + method.spelling() + "." + OptionNames.inMethod(option));
        return ofMethod != null || !isPresets(method) ? ofMethod : ofPreset(option, option);
    }

    private @Nullable String ofPreset(String option, String name) {
        String value = preset.option(name);
        return value == null ? null : trimmed(option, value);
    }

    /** White space at the end of a prefix belongs to it, as in {@code Bearer }. */
    private static String trimmed(String option, String text) {
        return option.endsWith(".prefix") ? text : text.strip();
    }

    private boolean isPresets(Method method) {
        String signature = preset.option(OptionNames.SIGNATURE);
        return signature != null && Method.of(signature).equals(Optional.of(method));
    }

    /** {@code true} or {@code false}; false if it is neither or not given. */
    boolean flag(String option, @Nullable String value) {
        if (value != null && !value.equals("true") && !value.equals("false")) {
            problem(option, "is \"" + value + "\"; give true or false.");
        }
        return "true".equals(value);
    }

    Duration tolerance(@Nullable String value, Duration def) {
        Optional<Duration> given = value == null ? Optional.of(def) : Units.duration(value);
        if (given.isEmpty() || given.get().isZero()) {
            problem(OptionNames.TOLERANCE, "is \"" + value + "\"; give a duration above zero such as 5m.");
        }
        return given.orElse(def);
    }

    /** An option whose text is read by a parser that throws IllegalArgumentException for what it cannot read. */
    <T> T parsed(String option, String text, Function<String, T> parse, T def, String wanted) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            problem(option, "is \"" + text + "\"; give " + wanted + ".");
            return def;
        }
    }

    /** What follows {@code idempotency-key.} in the user's keys; where the user gave a key at all, else the preset's. */
    Set<String> keyPatterns() {
        Set<String> patterns = new TreeSet<>();
        String ofKey = OptionNames.KEY + ".";
        settings.keys(key(ofKey))
                .forEach(key -> patterns.add(key.substring(key(ofKey).length())));
        if (own(OptionNames.KEY) == null) {
            preset.options().keySet().stream()
                    .filter(option -> option.startsWith(ofKey))
                    .forEach(option -> patterns.add(option.substring(ofKey.length())));
        }
        return patterns;
    }

    /** Names those of the user's options that have no effect. */
    void unused(List<String> options, String why) {
        for (String option : options) {
            if (own(option) != null) {
                problem(option, "has no effect, since " + why + "; remove it.");
            }
        }
    }

    /** A problem with an option: the key and the rest of the sentence. */
    void problem(String option, String rest) {
        usable = false;
        settings.problem(key(option), key(option) + " " + rest);
    }

    static String orKnown(String name, Set<String> known) {
        return Suggestion.orAdvice(name, known, "give one of " + String.join(", ", known) + ".");
    }

    private static String base(String option) {
        return option.startsWith(OptionNames.KEY) ? OptionNames.KEY : option;
    }
}
