package dev.caravan.source;

import java.time.Instant;

/**
 * A request as it arrived.
 *
 * @param uri path and query as sent
 * @param body the raw bytes; nobody changes them
 * @param receivedAt what signed timestamps are compared with
 */
public record IncomingRequest(String method, String uri, Headers headers, byte[] body, Instant receivedAt) {}
