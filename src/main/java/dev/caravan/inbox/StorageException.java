package dev.caravan.inbox;

/** The inbox could not read or write. The message is one sentence that says what and, where known, what to do. */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageException(String message) {
        super(message);
    }

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
