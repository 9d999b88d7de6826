package dev.caravan.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A file in the syntax of {@link Properties}, in UTF-8. */
public final class PropertiesFile {
    private PropertiesFile() {}

    /**
     * The keys and values of a file.
     *
     * @throws IOException if it cannot be read, is not UTF-8 or holds a broken escape; the message says which
     */
    public static Map<String, String> read(Path file) throws IOException {
        return parse(Files.readAllBytes(file));
    }

    /**
     * The keys and values that a file's bytes hold.
     *
     * @throws IOException if they are not UTF-8 or hold a broken escape; the message says which
     */
    public static Map<String, String> parse(byte[] bytes) throws IOException {
        Properties properties = new Properties();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            properties.load(new StringReader(text.startsWith("\uFEFF") ? text.substring(1) : text));
        } catch (CharacterCodingException e) {
            throw new IOException("it is not UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new IOException("it holds a broken \\u escape", e);
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return values;
    }
}
