package dev.caravan.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Help.Ansi;

/**
 * A progress bar for what takes longer than two seconds, drawn on stderr and only where that is a terminal. Used by one
 * thread.
 */
final class Progress implements AutoCloseable {
    private static final long PATIENCE_NANOS = 2_000_000_000L;
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final int WIDTH = 30;

    private final PrintWriter err;
    private final String what;
    private final int total;
    private final boolean visible;
    private final long began = System.nanoTime();
    private long drawn;
    private int done;

    private Progress(PrintWriter err, String what, int total, boolean visible) {
        this.err = err;
        this.what = what;
        this.total = total;
        this.visible = visible;
    }

    static Progress of(PrintWriter err, String what, int total) {
        return new Progress(err, what, total, Ansi.AUTO.enabled());
    }

    void step() {
        steps(1);
    }

    void steps(int some) {
        done += some;
        long now = System.nanoTime();
        if (visible && now - began > PATIENCE_NANOS && now - drawn > REDRAW_NANOS) {
            drawn = now;
            draw();
        }
    }

    private void draw() {
        int filled = total == 0 ? WIDTH : (int) ((long) WIDTH * done / total);
        err.print("\r" + what + " [" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + done + "/" + total);
        err.flush();
    }

    /** Takes the bar off the screen. */
    @Override
    public void close() {
        if (drawn != 0) {
            err.print("\r\033[K");
            err.flush();
        }
    }
}
