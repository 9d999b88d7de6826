package dev.caravan.inbox;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a delivery stands. */
public enum DeliveryState {
    /** Waits for its first attempt, or for one that a person or a restart asked for. */
    PENDING,
    /** An attempt runs, or is about to. */
    RUNNING,
    /** The last attempt failed; another follows when it is due. */
    RETRYING,
    /** Done. */
    SUCCEEDED,
    /** A dead letter: not retried by itself. */
    DEAD,
    /** Given up by a person. */
    DISCARDED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name as it is stored and shown. */
    public String label() {
        return label;
    }

    /** The state with this label, empty where there is none. */
    public static Optional<DeliveryState> ofLabel(String label) {
        return Arrays.stream(values()).filter(s -> s.label.equals(label)).findFirst();
    }
}
