package dev.caravan.selftest;

import dev.caravan.dryrun.DryRun;
import dev.caravan.dryrun.Effect;
import dev.caravan.runtime.Node;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.runtime.NodeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** The part of a self-test that runs in a process of its own: a node that sends nothing and tells what it does. */
public final class SelfTestNode {
    /** These change nothing where they are answered, so that doing them again is no effect. */
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private static final int PRINT_BYTES = 12;

    private SelfTestNode() {}

    /**
     * Runs the node until the process that started it ends or closes its end of the pipe.
     *
     * @param directory where {@code application.properties} and {@code routes/} are
     * @param state where {@code data/} is
     * @param commands never read from, but for its end
     * @param out where the lines for that process go
     * @throws Exception where it cannot start; the message is for people
     */
    public static void run(Path directory, Path state, Clock clock, InputStream commands, PrintStream out)
            throws Exception {
        try (DryRun dry = DryRun.start(clock, DryRun.Sql.SHOW)) {
            dry.listen(effect -> print(effect.what())
                    .ifPresent(print -> tell(
                            out,
                            new Told.Effect(
                                    effect.place().eventId(),
                                    effect.place().automation(),
                                    effect.place().step(),
                                    effect.place().attempt(),
                                    effect.place().pass(),
                                    print))));
            dry.listenToEnds(pass -> tell(out, new Told.Recorded(pass)));
            NodeOptions options =
                    NodeOptions.dry(directory, state, dry, settled -> {}).withInboxOfSettings();
            try (Node node = Node.start(NodeConfig.read(directory), options)) {
                tell(out, new Told.Ready(node.port()));
                awaitEnd(commands);
            }
        }
    }

    private static void awaitEnd(InputStream commands) {
        try {
            while (commands.read() >= 0) {
                // Nothing is sent.
            }
        } catch (IOException gone) {
            // Its end as well.
        }
    }

    private static void tell(PrintStream out, Told told) {
        byte[] line = (told.line() + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            out.write(line, 0, line.length);
            out.flush();
        }
    }

    /** Empty for what changes nothing outside. */
    private static Optional<String> print(Effect.What what) {
        if (what instanceof Effect.Request sent) {
            return READS.contains(sent.request().method())
                    ? Optional.empty()
                    : Optional.of(digest(
                            sent.request().method() + " " + sent.request().url(),
                            sent.request().body()));
        }
        if (what instanceof Effect.Row row) {
            return Optional.of(digest(row.table() + " " + row.sql(), bytes(row.values())));
        }
        if (what instanceof Effect.Statement statement) {
            return Optional.of(digest(statement.dataSource() + " " + statement.sql(), bytes(statement.values())));
        }
        return Optional.empty();
    }

    private static byte[] bytes(Object values) {
        return values.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String digest(String what, byte[] content) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(what.getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
            return HexFormat.of().formatHex(sha256.digest(content), 0, PRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
