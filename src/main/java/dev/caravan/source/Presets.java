package dev.caravan.source;

import dev.caravan.settings.PropertiesFile;
import dev.caravan.settings.Settings;
import dev.caravan.settings.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The vendors that need no description: those of the jar, and those of the user's {@code presets/}. Immutable. */
public final class Presets {
    private static final String SUFFIX = ".properties";

    private final Map<String, Preset> byName;

    private Presets(Map<String, Preset> byName) {
        this.byName = byName;
    }

    /**
     * Reads the presets of the jar and {@code presets/*.properties} of the settings' directory, where a file replaces
     * the jar's preset of its name. What is wrong in a file is a problem in the settings.
     */
    public static Presets load(Settings settings) {
        Map<String, Preset> presets = new TreeMap<>();
        for (String name : shippedNames()) {
            presets.put(name, new Preset(name, shipped(name)));
        }
        Path directory = settings.directory().resolve("presets");
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
                files.forEach(file -> read(file, settings, presets));
            } catch (IOException e) {
                settings.problem("presets", "The directory presets cannot be read; make it readable.");
            }
        }
        return new Presets(presets);
    }

    /** The names, in order. */
    public Set<String> names() {
        return byName.keySet();
    }

    Optional<Preset> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    private static void read(Path file, Settings settings, Map<String, Preset> presets) {
        String fileName = String.valueOf(file.getFileName());
        String place = "presets/" + fileName;
        try {
            Map<String, String> options = PropertiesFile.read(file);
            Set<String> known = OptionNames.ofPreset();
            for (String option : options.keySet()) {
                if (!known.contains(option) && !option.startsWith(OptionNames.KEY + ".")) {
                    String advice = Suggestion.orAdvice(option, known, "remove it.");
                    settings.problem(place, place + " holds " + option + ", which no preset has" + advice);
                }
            }
            String name = fileName.substring(0, fileName.length() - SUFFIX.length());
            presets.put(name, new Preset(name, options));
        } catch (IOException e) {
            settings.problem(place, place + " cannot be read; make it a readable properties file in UTF-8.");
        }
    }

    /** A jar's folder cannot be listed in every environment, so a file says what is in it. */
    private static Iterable<String> shippedNames() {
        return new String(resource("index"), StandardCharsets.UTF_8).lines().toList();
    }

    private static Map<String, String> shipped(String name) {
        try {
            return PropertiesFile.parse(resource(name + SUFFIX));
        } catch (IOException e) {
            throw new IllegalStateException("The jar's preset " + name + " cannot be read.", e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = Presets.class.getResourceAsStream("/presets/" + name)) {
            if (in == null) {
                throw new IllegalStateException("The jar has no presets/" + name + ".");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("The jar's presets/" + name + " cannot be read.", e);
        }
    }
}
