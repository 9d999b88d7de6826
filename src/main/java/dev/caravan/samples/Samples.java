package dev.caravan.samples;

import com.fasterxml.jackson.core.JsonPointer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The sample events in the jar, in the order of their index. Immutable. */
public final class Samples {
    private static final String FOLDER = "/samples/";
    private static final String INDEX = "index";
    private static final String NO_SHAPE = "-";

    private final List<Sample> all;

    private Samples(List<Sample> all) {
        this.all = List.copyOf(all);
    }

    /** Reads the jar's samples. */
    public static Samples shipped() {
        List<Sample> samples = new ArrayList<>();
        new String(resource(INDEX), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> samples.add(sample(Arrays.asList(line.split(" ", -1)))));
        return new Samples(samples);
    }

    private static Sample sample(List<String> columns) {
        String file = columns.get(0);
        String shape = columns.get(1).equals(NO_SHAPE) ? "" : columns.get(1);
        int slash = file.indexOf('/');
        String name = file.substring(slash + 1, file.length() - ".json".length());
        String suffix = "." + shape;
        return new Sample(
                file.substring(0, slash),
                !shape.isEmpty() && name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name,
                shape,
                resource(file),
                columns.subList(2, columns.size()).stream()
                        .map(JsonPointer::compile)
                        .toList());
    }

    /** Every sample. */
    public List<Sample> all() {
        return all;
    }

    /** The samples of a vendor, none where there are none. */
    public List<Sample> of(String preset) {
        return all.stream().filter(sample -> sample.preset().equals(preset)).toList();
    }

    /** The event types of a vendor that have a sample. */
    public Set<String> events(String preset) {
        Set<String> events = new LinkedHashSet<>();
        of(preset).forEach(sample -> events.add(sample.event()));
        return events;
    }

    /**
     * The sample of an event.
     *
     * @param shape which of several samples of the event; empty for the usual one
     */
    public Optional<Sample> find(String preset, String event, Optional<String> shape) {
        return of(preset).stream()
                .filter(sample -> sample.event().equals(event))
                .filter(sample -> shape.isEmpty() || shape.get().equals(sample.shape()))
                .findFirst();
    }

    private static byte[] resource(String name) {
        try (InputStream in = Samples.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException("The jar has no samples/" + name + ".");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("The jar's samples/" + name + " cannot be read.", e);
        }
    }
}
