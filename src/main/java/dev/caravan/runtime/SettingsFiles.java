package dev.caravan.runtime;

import dev.caravan.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The files that settings are read from. A change counts when two readings in a row are the same, since an editor may
 * still be writing. They are read rather than watched: some file systems, and secrets that a platform swaps by a link,
 * send no notice.
 */
final class SettingsFiles {
    private Set<Path> files = new HashSet<>();
    private Map<Path, Integer> used = new TreeMap<>();
    private Map<Path, Integer> seen = new TreeMap<>();

    SettingsFiles(Settings settings) {
        follow(settings);
    }

    /** Measures changes against what these settings were read from, from now on. */
    void follow(Settings settings) {
        Set<Path> named = new HashSet<>(settings.secretFiles());
        settings.file().ifPresent(named::add);
        if (settings.file().isPresent()) {
            files = named;
        }
        used = read();
        seen = used;
    }

    /** Takes a reading; whether there is a change that has settled. */
    boolean haveSettled() {
        Map<Path, Integer> now = read();
        boolean settled = !now.equals(used) && now.equals(seen);
        seen = now;
        return settled;
    }

    /** A file that is not there, or cannot be read, counts as unchanged: it is being replaced. */
    private Map<Path, Integer> read() {
        Map<Path, Integer> contents = new TreeMap<>();
        for (Path file : files) {
            try {
                contents.put(file, Arrays.hashCode(Files.readAllBytes(file)));
            } catch (IOException e) {
                Integer before = used.get(file);
                if (before != null) {
                    contents.put(file, before);
                }
            }
        }
        return contents;
    }
}
