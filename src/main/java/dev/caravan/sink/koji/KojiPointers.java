package dev.caravan.sink.koji;

import com.fasterxml.jackson.core.JsonPointer;
import org.jspecify.annotations.Nullable;

/** Where in Koji's answers a value is, since no page shows them. */
final class KojiPointers {
    private KojiPointers() {}

    /** @throws IllegalArgumentException if it is no JSON Pointer (RFC 6901) */
    static JsonPointer of(@Nullable String given, String usual, String parameter) {
        String text = given == null ? usual : given.strip();
        try {
            return JsonPointer.compile(text);
        } catch (IllegalArgumentException none) {
            throw new IllegalArgumentException(
                    "The parameter " + parameter + " is " + text + ": give a JSON Pointer such as " + usual);
        }
    }
}
