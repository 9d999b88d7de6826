package dev.caravan.sink;

/** A parameter of a Kamelet of ours is missing or wrong. The message is a sentence for the author of the step. */
public final class BadParameter extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    BadParameter(String message, Throwable cause) {
        super(message, cause);
    }
}
