package dev.caravan.sink;

import java.util.regex.Pattern;

/** E-mail addresses that payloads bring. */
public final class EmailText {
    /** Longer ones exist nowhere (RFC 3696, erratum 1690). */
    private static final int LONGEST = 254;

    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern ADDRESS =
            Pattern.compile("[^\\s\\p{Z}\\p{C}@<>()\\[\\]\\\\,;:\"]+@" + LABEL + "(?:\\." + LABEL + ")+");

    private EmailText() {}

    /**
     * Whether it is one address without a name, in the form that mail systems take unquoted. An international domain has
     * to be in its ASCII form.
     */
    public static boolean isAddress(String text) {
        return text.length() <= LONGEST && ADDRESS.matcher(text).matches();
    }
}
