package dev.caravan.inbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The right of one process to write to a data directory, held as an operating-system lock until it is closed. */
final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws StorageException where another process has it or the directory cannot be written
     */
    static DirectoryLock take(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(fileIn(directory), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new StorageException("The data directory " + directory
                        + " is in use by another Caravan process: stop that one first.");
            }
            return new DirectoryLock(channel);
        } catch (IOException e) {
            throw new StorageException(
                    "The data directory " + directory + " cannot be written (" + e.getMessage()
                            + "): make it writable or choose another with --dir.",
                    e);
        }
    }

    /** Takes the lock where it is free; a directory that only tells of a node may have several. */
    static Optional<DirectoryLock> tryTake(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(fileIn(directory), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(new DirectoryLock(channel));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Path fileIn(Path directory) {
        return directory.resolve("caravan.lock");
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StorageException("The lock of the data directory could not be released.", e);
        }
    }
}
