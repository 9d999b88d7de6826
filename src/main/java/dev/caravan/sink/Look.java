package dev.caravan.sink;

import java.time.Duration;

/** What a sink sees at its destination of an effect that may have happened. */
public sealed interface Look {

    /** The effect is there: the step is finished. */
    record Found() implements Look {}

    /** The effect is not there, or would change nothing if it happened again: the step runs. */
    record Absent() implements Look {}

    /** It is too early to tell, since the destination shows its state late: the attempt ends, and the next looks again. */
    record TooEarly(Duration after) implements Look {}
}
