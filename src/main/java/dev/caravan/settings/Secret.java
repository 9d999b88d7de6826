package dev.caravan.settings;

/** A value that must not be shown: its text form is {@code ***}. */
public record Secret(String value) {
    /** What stands wherever a secret would. */
    public static final String MASK = "***";

    @Override
    public String toString() {
        return MASK;
    }
}
