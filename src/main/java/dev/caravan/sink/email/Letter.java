package dev.caravan.sink.email;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an e-mail says. Immutable.
 *
 * @param to at least one
 * @param subject one line, not empty
 * @param text the part without markup, not empty
 * @param html the same with markup, a whole document; null where there is only text
 */
public record Letter(
        MailAddress from,
        List<MailAddress> to,
        @Nullable MailAddress replyTo,
        String subject,
        String text,
        @Nullable String html) {
    public Letter {
        to = List.copyOf(to);
    }

    /** Without what it says. */
    @Override
    public String toString() {
        return "Letter[" + to.size() + " recipients]";
    }
}
