package dev.caravan.sink.email;

import dev.caravan.sink.Escaping;
import dev.caravan.sink.TextLimit;
import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox.
 *
 * @param address {@code local@domain} in ASCII, the domain with at least one dot (RFC 5321, 4.1.2, without quoted local
 *     parts and address literals, which hardly any service takes)
 * @param name for people, one line; null if there is none
 */
public record MailAddress(String address, @Nullable String name) {
    private static final int LONGEST_LOCAL = 64;
    private static final int LONGEST = 254;
    /** So that a header line with it, encoded, stays below the 998 octets of RFC 5322, 2.1.1. */
    private static final int LONGEST_NAME = 64;

    private static final Pattern NAMED = Pattern.compile("(?s)(.*)<([^<>]*)>");
    private static final Pattern ATOMS =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++)*+");
    private static final Pattern DOMAIN = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    /**
     * The mailbox that a text names: {@code local@domain} or {@code Name <local@domain>}. A domain with other letters than
     * ASCII's becomes its ASCII form.
     *
     * @return empty if it is anything else, two mailboxes for example
     */
    public static Optional<MailAddress> parse(String text) {
        String line = Escaping.HEADER.escape(text);
        Matcher named = NAMED.matcher(line);
        if (!named.matches()) {
            return address(line).map(address -> new MailAddress(address, null));
        }
        return address(named.group(2).strip()).map(address -> new MailAddress(address, name(named.group(1))));
    }

    /** The same with another name; without one if it is blank. */
    public MailAddress named(String other) {
        return new MailAddress(address, name(other));
    }

    /** The part after the at sign. */
    public String domain() {
        return address.substring(address.lastIndexOf('@') + 1);
    }

    /** What two of the same mailbox have in common. */
    String key() {
        return address.toLowerCase(Locale.ROOT);
    }

    private static @Nullable String name(String text) {
        String name = Escaping.HEADER.escape(text);
        if (name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")) {
            name = name.substring(1, name.length() - 1).strip();
        }
        return name.isEmpty() ? null : TextLimit.cut(name, LONGEST_NAME);
    }

    private static Optional<String> address(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1 || at > LONGEST_LOCAL || text.length() > LONGEST) {
            return Optional.empty();
        }
        String local = text.substring(0, at);
        if (!ATOMS.matcher(local).matches()) {
            return Optional.empty();
        }
        return domain(text.substring(at + 1))
                .map(domain -> local + "@" + domain)
                .filter(address -> address.length() <= LONGEST);
    }

    private static Optional<String> domain(String text) {
        try {
            return Optional.of(IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES))
                    .filter(domain -> DOMAIN.matcher(domain).matches());
        } catch (IllegalArgumentException notDomain) {
            return Optional.empty();
        }
    }

    /** Without the mailbox, which is a person's. */
    @Override
    public String toString() {
        return "MailAddress[…]";
    }
}
