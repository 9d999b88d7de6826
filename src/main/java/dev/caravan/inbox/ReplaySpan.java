package dev.caravan.inbox;

import java.util.Optional;

/**
 * Rows that a replay has still to go through, by their number.
 *
 * @param after the last one that is behind it
 * @param until the last one of all
 */
record ReplaySpan(long after, long until) {

    ReplaySpan from(long newAfter) {
        return new ReplaySpan(newAfter, until);
    }

    /** A text for {@link #parse}. */
    @Override
    public String toString() {
        return after + "-" + until;
    }

    /** Empty where the text is none of {@link #toString}. */
    static Optional<ReplaySpan> parse(String text) {
        if (!text.matches("\\d{1,18}-\\d{1,18}")) {
            return Optional.empty();
        }
        int dash = text.indexOf('-');
        return Optional.of(
                new ReplaySpan(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1))));
    }
}
