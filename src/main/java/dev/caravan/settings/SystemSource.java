package dev.caravan.settings;

/** The source of Caravan's own events: no vendor's, and no endpoint. */
public final class SystemSource {
    /** Its name; none of the user's sources can have it. */
    public static final String NAME = "caravan";

    private SystemSource() {}
}
