package dev.caravan.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts the elements of an array out of a JSON document, byte for byte as they stand there. */
final class Batch {
    private Batch() {}

    /**
     * The elements of the array at a pointer; null if there is no array.
     *
     * @throws IOException if the document is not JSON in UTF-8
     */
    static @Nullable List<byte[]> elements(ObjectMapper mapper, byte[] document, JsonPointer pointer)
            throws IOException {
        try (JsonParser parser = mapper.getFactory().createParser(document)) {
            parser.nextToken();
            JsonPointer rest = pointer;
            while (!rest.matches()) {
                if (!descend(parser, rest)) {
                    return null;
                }
                rest = rest.tail();
            }
            return parser.currentToken() == JsonToken.START_ARRAY ? cut(parser, document) : null;
        }
    }

    private static boolean descend(JsonParser parser, JsonPointer pointer) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = pointer.matchesProperty(parser.currentName());
                parser.nextToken();
                if (found) {
                    return true;
                }
                parser.skipChildren();
            }
        }
        return false;
    }

    private static List<byte[]> cut(JsonParser parser, byte[] document) throws IOException {
        List<byte[]> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == null) {
                throw new IOException("the array has no end");
            }
            long start = parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            if (parser.currentToken().isScalarValue()) {
                parser.finishToken();
            }
            long end = parser.currentLocation().getByteOffset();
            if (start < 0 || end > document.length) {
                throw new IOException("the document is not in UTF-8");
            }
            elements.add(Arrays.copyOfRange(document, (int) start, (int) end));
        }
        return elements;
    }
}
