package dev.caravan.manage;

/** A replay cannot be planned or done as it was asked for; the message is one sentence for the person who asked. */
public final class ReplayRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String sentence;

    private ReplayRefused(int status, String message) {
        super(message);
        this.status = status;
        this.sentence = message;
    }

    static ReplayRefused wrong(String message) {
        return new ReplayRefused(400, message);
    }

    static ReplayRefused unknown(String message) {
        return new ReplayRefused(404, message);
    }

    /** The message, without a capital and a full stop. */
    public String sentence() {
        return sentence;
    }

    /** The HTTP status that says so. */
    int status() {
        return status;
    }
}
