package dev.caravan.source;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.List;

/**
 * An invented event.
 *
 * @param body JSON, an object
 * @param ids the fields of it that make it an event of its own
 */
public record Example(byte[] body, List<JsonPointer> ids) {
    public Example {
        ids = List.copyOf(ids);
    }
}
