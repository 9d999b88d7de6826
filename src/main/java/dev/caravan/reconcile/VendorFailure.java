package dev.caravan.reconcile;

/** A vendor's list cannot be read; the message is one sentence for people, without key or payload. */
final class VendorFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    VendorFailure(String message) {
        super(message);
    }
}
