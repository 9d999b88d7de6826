package dev.caravan.sink;

import java.util.Locale;

/** What a route wants of a step whose effect may have happened, where its sink cannot look. */
public enum WhenUnsure {
    /** At least once: it runs again. */
    REPEAT,
    /** At most once: it counts as finished. */
    SKIP;

    /** The parameter of sinks that cannot look. */
    public static final String PARAMETER = "whenUnsure";

    /**
     * The choice that a parameter's value names, also where it is encoded by {@link ParameterCode}; an empty one is
     * {@link #REPEAT}.
     *
     * @throws IllegalArgumentException if it names none; its message says so
     */
    public static WhenUnsure of(String coded) {
        String text = ParameterCode.decode(coded).strip();
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "", "repeat" -> REPEAT;
            case "skip" -> SKIP;
            default ->
                throw new IllegalArgumentException(
                        "The parameter whenUnsure is " + text + ": give it as repeat or skip");
        };
    }
}
