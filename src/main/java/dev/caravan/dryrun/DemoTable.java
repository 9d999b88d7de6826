package dev.caravan.dryrun;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of deliveries for a terminal: event, automation, state, and below each what went out. What does not fit in a
 * line goes on in a second one, and is then cut. Not thread-safe.
 */
public final class DemoTable {
    private static final List<String> HEADS = List.of("EVENT", "AUTOMATION", "STATE");
    private static final String GAP = "  ";
    private static final String INDENT = "    ";
    private static final int LINES = 2;
    private static final String MORE = "...";
    private static final String BAD = "\033[31m";
    private static final String PLAIN = "\033[0m";

    private final int width;
    private final boolean colour;
    private final List<Row> rows = new ArrayList<>();

    /**
     * A delivery.
     *
     * @param good whether its state is as it should be
     * @param wentOut one text for each effect
     */
    public record Row(String event, String automation, String state, boolean good, List<String> wentOut) {
        public Row {
            wentOut = List.copyOf(wentOut);
        }

        private String cell(int column) {
            return switch (column) {
                case 0 -> event;
                case 1 -> automation;
                default -> state;
            };
        }
    }

    /**
     * An empty table.
     *
     * @param width of a line, in characters
     * @param colour whether a bad state is red
     */
    public DemoTable(int width, boolean colour) {
        this.width = width;
        this.colour = colour;
    }

    /** Adds a row; one with the event of the row before it shows the event only once. */
    public void add(Row row) {
        rows.add(row);
    }

    /** Prints it with lines of heads. */
    public void print(PrintWriter out) {
        int[] widths = new int[HEADS.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = HEADS.get(column).length();
            for (Row row : rows) {
                widths[column] = Math.max(widths[column], row.cell(column).length());
            }
        }
        int others = widths[1] + widths[2] + 2 * GAP.length();
        widths[0] = Math.max(HEADS.get(0).length(), Math.min(widths[0], width - others));
        out.println(line(HEADS.get(0), HEADS.get(1), HEADS.get(2), widths).stripTrailing());
        out.println(INDENT + "WHAT WENT OUT");
        String before = "";
        for (Row row : rows) {
            print(out, row, row.event().equals(before) ? "" : row.event(), widths);
            before = row.event();
        }
        out.flush();
    }

    private void print(PrintWriter out, Row row, String event, int[] widths) {
        String first = line(event, row.automation(), row.state(), widths).stripTrailing();
        out.println(colour && !row.good() ? BAD + first + PLAIN : first);
        for (String text : row.wentOut()) {
            wrapped(text, width - INDENT.length()).forEach(part -> out.println(INDENT + part));
        }
    }

    /** A cell that is wider than its column moves the next one only as far as it has to. */
    private static String line(String event, String automation, String state, int[] widths) {
        StringBuilder line = new StringBuilder(event);
        pad(line, widths[0]);
        line.append(automation);
        pad(line, widths[0] + GAP.length() + widths[1]);
        return line.append(state).toString();
    }

    private static void pad(StringBuilder line, int column) {
        line.append(" ".repeat(Math.max(0, column - line.length()))).append(GAP);
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width && lines.size() < LINES - 1) {
            int space = rest.lastIndexOf(' ', width);
            int end = space > width / 2 ? space : beforePair(rest, width);
            lines.add(rest.substring(0, end).stripTrailing());
            rest = GAP + rest.substring(end).strip();
        }
        lines.add(rest.length() <= width ? rest : rest.substring(0, beforePair(rest, width - MORE.length())) + MORE);
        return lines;
    }

    /** An index that splits no surrogate pair. */
    private static int beforePair(String text, int index) {
        return Character.isLowSurrogate(text.charAt(index)) ? index - 1 : index;
    }
}
