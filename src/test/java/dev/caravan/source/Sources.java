package dev.caravan.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Sources from a few lines of settings, and requests to them. */
final class Sources {
    static final Instant NOW = Instant.parse("2026-03-17T09:00:00Z");
    static final byte[] BODY = utf8("{\"event\":\"thing.done\",\"data\":{\"id\":\"abc123\"}}");

    private Sources() {}

    /** The source {@code x} of keys that follow {@code caravan.source.x.}. */
    static Source source(String keys) {
        Settings settings = settings(keys);
        List<Source> sources = Source.readAll(settings, Presets.load(settings));
        settings.check();
        assertThat(sources).hasSize(1);
        return sources.get(0);
    }

    /** The problems of the source {@code x}. */
    static List<String> problems(String keys) {
        Settings settings = settings(keys);
        Source.readAll(settings, Presets.load(settings));
        return settings.problems();
    }

    static Settings settings(String keys) {
        return settings(Path.of("none"), keys);
    }

    static Settings settings(Path directory, String keys) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(keys));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> {
            String name = key.startsWith("caravan.") ? key : "caravan.source.x." + key;
            values.put(name, properties.getProperty(key));
        });
        return Settings.of(directory, values);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] sample(String name) {
        try (InputStream in = Sources.class.getResourceAsStream("samples/" + name)) {
            assertThat(in).as(name).isNotNull();
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static IncomingRequest request(byte[] body, Map<String, String> headers) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        return new IncomingRequest("POST", "/webhooks/x?a=b", Headers.of(lists), body, NOW);
    }

    static IncomingRequest request(byte[] body, String... namesAndValues) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return request(body, headers);
    }

    static IncomingRequest signed(Source source, byte[] body) {
        return request(body, source.sign(body, "/webhooks/x?a=b", NOW));
    }

    static NewEvent event(Source source, byte[] body) {
        return event(source, request(body));
    }

    static NewEvent event(Source source, IncomingRequest request) {
        Identification identification = source.identify(request);
        assertThat(identification).isInstanceOf(Identification.Identified.class);
        List<NewEvent> events = ((Identification.Identified) identification).events();
        assertThat(events).hasSize(1);
        return events.get(0);
    }
}
