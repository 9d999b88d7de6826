package dev.caravan.automation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.converter.stream.InputStreamCache;

/** A body that is a stream, made so that it can be stored and still be read. */
final class StoredStream {
    private StoredStream() {}

    /**
     * Reads a body that is a stream into memory, and puts what it read in its place.
     *
     * @return the size, in words, where it is above the limit; the body is then lost
     */
    static Optional<String> rewindable(Message message, long limit) {
        if (!(message.getBody() instanceof InputStream stream)) {
            return Optional.empty();
        }
        if (stream instanceof StreamCache cache && cache.length() > limit) {
            return Optional.of(Long.toString(cache.length()));
        }
        try (stream) {
            if (stream instanceof StreamCache cache) {
                cache.reset();
            }
            byte[] bytes = stream.readNBytes((int) Math.min(Integer.MAX_VALUE - 8L, limit + 1));
            if (bytes.length > limit) {
                return Optional.of("more than " + limit);
            }
            message.setBody(new InputStreamCache(bytes));
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The stream that a step left cannot be read.", e);
        }
    }

    /** All of it, from its beginning; it is left at its beginning. */
    static byte[] bytes(InputStreamCache cache) {
        cache.reset();
        byte[] bytes = cache.readAllBytes();
        cache.reset();
        return bytes;
    }

    static InputStream of(byte[] bytes) {
        return new InputStreamCache(bytes);
    }
}
