package dev.caravan.inbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** What can be told of a data directory from outside. */
public final class DataDirectory {
    private DataDirectory() {}

    /**
     * Whether a node, in this process or another, has the inbox in a data directory open.
     *
     * @throws StorageException where that cannot be found out
     */
    public static boolean isInUse(Path directory) {
        Path file = DirectoryLock.fileIn(directory);
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (IOException e) {
            throw new StorageException("The lock " + file + " cannot be read (" + e.getMessage() + ").", e);
        }
    }

    /** A name that no other data directory has, made on first use. */
    static String name(Path directory) {
        Path file = directory.resolve("deployment");
        try {
            Files.createDirectories(directory);
            if (!Files.exists(file)) {
                Path fresh = Files.createTempFile(directory, "deployment", "");
                Files.writeString(fresh, UUID.randomUUID().toString());
                try {
                    Files.createLink(file, fresh);
                } catch (FileAlreadyExistsException another) {
                    // A node that starts at the same time was first.
                }
                Files.delete(fresh);
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new StorageException(
                    "The file " + file + " cannot be written (" + e.getMessage()
                            + "): make its directory writable, or name the deployment by caravan.inbox.deployment.",
                    e);
        }
    }
}
