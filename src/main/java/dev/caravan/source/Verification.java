package dev.caravan.source;

/** Whether a request comes from the vendor. */
public sealed interface Verification {
    /**
     * It does.
     *
     * @param secretIndex which of the source's secrets showed it, from 0; -1 where the source accepts unsigned requests
     */
    record Verified(int secretIndex) implements Verification {}

    /**
     * It does not, or not provably.
     *
     * @param reason one sentence without secret, signature or payload
     */
    record Refused(String reason) implements Verification {}

    /** The source has no secret yet, so that nobody can tell. */
    record NoSecret() implements Verification {}
}
