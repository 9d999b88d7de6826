package dev.caravan.delivery;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What people should know of an attempt beside its failure: sentences, told with it. Thread-safe. */
public final class AttemptNotes {
    private static final int TOLD = 5;

    private final Set<String> notes = new LinkedHashSet<>();
    private int untold;

    AttemptNotes() {}

    /** Adds a sentence, without payload or secret; the sixth and later ones are only counted. */
    public synchronized void add(String sentence) {
        if (notes.size() < TOLD) {
            notes.add(sentence);
        } else if (!notes.contains(sentence)) {
            untold++;
        }
    }

    /** The message with the notes behind it; empty where there is nothing to tell. */
    synchronized Optional<String> after(Optional<String> message) {
        Stream<String> more = untold == 0 ? Stream.empty() : Stream.of("And " + untold + " more such.");
        String all = Stream.of(message.stream(), notes.stream(), more)
                .flatMap(sentences -> sentences)
                .reduce("", AttemptNotes::sentences);
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }

    /** One text after another, with a full stop between them. */
    static String sentences(String text, String next) {
        return text.isEmpty() ? next : text + (text.endsWith(".") ? " " : ". ") + next;
    }
}
