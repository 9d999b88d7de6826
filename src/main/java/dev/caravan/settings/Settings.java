package dev.caravan.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * The user's settings. A typed read that finds an unusable value records a problem and returns the default;
 * {@link #check()} then reports all problems at once. A key whose value is empty counts as not set, but one that is
 * written empty, rather than filled by an empty placeholder, is a problem where a default would have to be guessed.
 *
 * <p>Safe for use by several threads.
 */
public final class Settings {
    private static final String FILE = "application.properties";
    private static final String OWN = "caravan.";
    private static final String CAMEL = "camel.";
    private static final int LAST_NUMBERED = 999;

    private final Path directory;
    private final Optional<Path> file;
    private final Values values;
    private final KnownKeys known = new KnownKeys();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final Set<Path> secretFiles = new ConcurrentSkipListSet<>();

    private Settings(Path directory, Optional<Path> file, Values values) {
        this.directory = directory;
        this.file = file.map(Path::toAbsolutePath).map(Path::normalize);
        this.values = values;
        values.withoutValue().forEach((key, placeholder) -> {
            if (key.startsWith(OWN) || key.startsWith(CAMEL)) {
                problems.add(Placeholders.noValue(key, placeholder));
            }
        });
    }

    /**
     * Reads {@code application.properties} of a directory; without one everything has its default. A JVM system
     * property overrides a key of the file, and may add keys that start with {@code caravan.} or {@code camel.}.
     */
    public static Settings load(Path directory) {
        return load(directory, System.getenv(), System.getProperties());
    }

    static Settings load(Path directory, Map<String, String> environment, Properties system) {
        Map<String, String> values = new TreeMap<>();
        String unreadable = null;
        Path file = directory.resolve(FILE);
        if (Files.exists(file)) {
            try {
                values.putAll(PropertiesFile.read(file));
            } catch (IOException e) {
                unreadable = "The file " + file + " cannot be read: " + e.getMessage() + "; mend it and start again.";
            }
        }
        for (String name : system.stringPropertyNames()) {
            if (values.containsKey(name) || name.startsWith(OWN) || name.startsWith(CAMEL)) {
                values.put(name, system.getProperty(name));
            }
        }
        Settings settings = new Settings(
                directory,
                Optional.of(file).filter(Files::exists),
                new Values(values, environment::get, system::getProperty));
        if (unreadable != null) {
            settings.problems.add(unreadable);
        }
        return settings;
    }

    /** Settings that come from no file, for a demonstration or a test. System properties do not override them. */
    public static Settings of(Path directory, Map<String, String> values) {
        return new Settings(directory, Optional.empty(), new Values(values, System.getenv()::get, System::getProperty));
    }

    /** Where {@code application.properties}, {@code routes/} and {@code data/} are. */
    public Path directory() {
        return directory;
    }

    /** The value, unless it is not set or empty. */
    public Optional<String> text(String key) {
        return exact(key).filter(value -> !value.isEmpty());
    }

    public String text(String key, String def) {
        return value(key, "a value", Optional::of, def);
    }

    /** The value, also if it is empty: for keys where empty means something. */
    public Optional<String> exact(String key) {
        known.read(key);
        return Optional.ofNullable(values.resolved(key));
    }

    /** Like {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h} or {@code 7d}. */
    public Duration duration(String key, Duration def) {
        return value(key, "a duration such as 500ms, 10s, 5m, 2h or 7d", Units::duration, def);
    }

    /** Like {@code 10s,1m,5m}. */
    public List<Duration> durations(String key, List<Duration> def) {
        return value(key, "durations such as 10s,1m,5m", Units::durations, def);
    }

    /** A whole number from {@code min} to {@code max}, both included. */
    public int count(String key, int def, int min, int max) {
        return value(key, "a whole number from " + min + " to " + max, text -> Units.whole(text, min, max), def);
    }

    /** A size in bytes, written like {@code 1048576}, {@code 64KiB} or {@code 1MiB}. */
    public long bytes(String key, long def) {
        return value(key, "a size such as 1048576, 64KiB or 1MiB", Units::bytes, def);
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String key, boolean def) {
        return value(
                key,
                "true or false",
                text -> switch (text) {
                    case "true" -> Optional.of(true);
                    case "false" -> Optional.of(false);
                    default -> Optional.<Boolean>empty();
                },
                def);
    }

    /**
     * The secrets of a key: its value split at commas, then the whole values of {@code key.1}, {@code key.2} and so on,
     * which may hold commas, then the lines of the file that {@code key.file} names. White space around a secret does
     * not belong to it.
     */
    public List<Secret> secrets(String key) {
        List<String> all = new ArrayList<>(text(key).map(Lists::split).orElse(List.of()));
        String prefix = key + ".";
        TreeMap<Integer, String> numbered = new TreeMap<>();
        for (String candidate : values.keys(prefix)) {
            Units.whole(candidate.substring(prefix.length()), 1, LAST_NUMBERED)
                    .ifPresent(number -> text(candidate).ifPresent(value -> numbered.put(number, value.strip())));
        }
        all.addAll(numbered.values());
        all.addAll(inFile(key + ".file"));
        values.hide(all);
        return all.stream().map(Secret::new).toList();
    }

    private List<String> inFile(String key) {
        Optional<String> name = text(key);
        if (name.isEmpty()) {
            return List.of();
        }
        try {
            Path file = directory.resolve(name.get().strip()).toAbsolutePath().normalize();
            secretFiles.add(file);
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException | InvalidPathException e) {
            problem(key, key + " names a file that cannot be read; put it there, in UTF-8, or correct the path.");
            return List.of();
        }
    }

    /** The files that secrets were read from, absolute. */
    public Set<Path> secretFiles() {
        return Set.copyOf(secretFiles);
    }

    /** The file that the settings were read from, absolute; empty where they come from none. */
    public Optional<Path> file() {
        return file;
    }

    /** The names that follow a prefix: {@code names("caravan.source")} is {@code {koji}} for {@code caravan.source.koji.secret}. */
    public Set<String> names(String prefix) {
        known.section(prefix);
        String start = prefix + ".";
        Set<String> names = new TreeSet<>();
        for (String key : values.keys(start)) {
            int end = key.indexOf('.', start.length());
            if (end > start.length() && end < key.length() - 1) {
                names.add(key.substring(start.length(), end));
            }
        }
        return names;
    }

    /** The keys that start with a prefix. They do not count as read. */
    public Set<String> keys(String prefix) {
        return values.keys(prefix);
    }

    /**
     * Declares keys that a later stage reads after {@link #check()}.
     *
     * @param pattern a key in which {@code *} stands for any text, such as {@code caravan.automation.*.enabled}
     */
    public void expect(String pattern) {
        known.expect(pattern);
    }

    /** Records a stage's own finding about a key. The sentence must hold no secret. */
    public void problem(String key, String sentence) {
        String problem = sentence.contains(key) ? sentence : key + ": " + sentence;
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /** The problems so far, those of unknown keys included. */
    public List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        for (String key : keys(OWN)) {
            known.unknown(key).ifPresent(all::add);
        }
        return all;
    }

    /**
     * Reports all problems at once.
     *
     * @throws InvalidSettings with every problem so far, and each {@code caravan.} key that nobody read or expects
     */
    public void check() {
        List<String> all = problems();
        if (!all.isEmpty()) {
            throw new InvalidSettings(all);
        }
    }

    /** Every key with its placeholders replaced, for Camel; a key whose placeholders have no value is left out. */
    public Properties properties() {
        Properties properties = new Properties();
        properties.putAll(values.resolved());
        return properties;
    }

    /**
     * The text with its placeholders replaced: {@code {{key}}}, {@code {{key:default}}}, {@code {{?key}}},
     * {@code {{env:X}}}, {@code {{env:X:default}}} and {@code {{sys:x}}}. A key whose value is empty has no value.
     *
     * @param missing gets the names of placeholders without a value; not those written {@code {{?key}}}
     * @return empty if a placeholder has no value; if {@code missing} has not grown, it was an optional one
     */
    public Optional<String> resolve(String textWithPlaceholders, Set<String> missing) {
        return Optional.ofNullable(values.resolve(textWithPlaceholders, missing));
    }

    /** Every key and its value as it may be shown. */
    public SortedMap<String, String> describe() {
        SortedMap<String, String> shown = new TreeMap<>();
        values.keys("").forEach(key -> shown.put(key, values.shown(key)));
        return shown;
    }

    private <T> T value(String key, String wanted, Function<String, Optional<T>> parse, T def) {
        Optional<String> text = exact(key);
        if (text.isEmpty()) {
            return def;
        }
        if (text.get().isEmpty()) {
            if (values.isWrittenEmpty(key)) {
                problem(key, key + " is empty; give " + wanted + ", or remove the line for the default.");
            }
            return def;
        }
        Optional<T> value = parse.apply(text.get().strip());
        if (value.isEmpty()) {
            problem(key, key + " is \"" + values.shown(key) + "\"; give " + wanted + ".");
        }
        return value.orElse(def);
    }
}
