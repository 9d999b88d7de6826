package dev.caravan.inbox;

import java.util.Locale;

/**
 * What is known of one step of a delivery.
 *
 * @param key names the step within its delivery
 * @param state how a finished step left the message, or how it failed; empty for the other kinds
 * @param attempt the number of the attempt that wrote it
 */
public record StepRecord(String key, Kind kind, String state, int attempt) {

    /** What an attempt does with a step. */
    public enum Kind {
        /** It is not run again. */
        FINISHED,
        /** The route caught its failure: it is not run again, and fails again. */
        FAILED,
        /** Its effect may have happened in an attempt that has ended. */
        UNSURE,
        /** It began in an attempt that has not ended, or ended without a word. */
        BEGUN;

        /** The name as it is stored. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind ofLabel(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }
}
