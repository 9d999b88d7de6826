package dev.caravan.sink.email;

import dev.caravan.delivery.StepFailure;
import dev.caravan.delivery.StepFailure.Kind;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/**
 * What a mail server's replies mean (RFC 5321, 4.2.1): 4yz passes, 5yz is permanent. Without a reply the message was not
 * taken if its text had not begun to go out; else that is not known, since the server may have read the dot that ends it.
 */
final class SmtpFailures {
    /** How Angus Mail quotes a reply for which it has no type of exception. */
    private static final Pattern REPLY = Pattern.compile("(?s)^(?:.*response: )?([245]\\d\\d)(?!\\d).*");

    private static final int CLOSING = 421;

    private SmtpFailures() {}

    /** @param begun whether the message's text had begun to go out */
    static StepFailure of(Exception failure, boolean begun) {
        List<Exception> chain = chain(failure);
        List<SMTPAddressFailedException> refused = only(chain, SMTPAddressFailedException.class);
        if (!refused.isEmpty()) {
            return ofRecipients(refused);
        }
        for (Exception one : chain) {
            if (one instanceof SMTPSendFailedException send) {
                return ofReply("the message", send.getReturnCode(), begun, send.getMessage());
            }
            if (one instanceof SMTPSenderFailedException sender) {
                return ofReply("the sender, parameter from,", sender.getReturnCode(), begun, sender.getMessage());
            }
            if (one instanceof AuthenticationFailedException login) {
                return ofLogin(login.getMessage());
            }
        }
        return ofOther(chain, begun);
    }

    /** Nothing was sent to anyone; it cannot be while one of the recipients is refused for good. */
    private static StepFailure ofRecipients(List<SMTPAddressFailedException> refused) {
        SMTPAddressFailedException worst = refused.stream()
                .filter(one -> one.getReturnCode() >= 500)
                .findFirst()
                .orElse(refused.get(0));
        String whom = refused.size() == 1 ? "a recipient" : refused.size() + " recipients";
        return ofReply(whom + ", parameter to,", worst.getReturnCode(), false, worst.getMessage());
    }

    private static StepFailure ofLogin(@Nullable String reply) {
        int code = code(reply);
        return code >= 400 && code < 500
                ? ofReply("the login", code, false, reply)
                : StepFailure.ofBody(
                        Kind.PERMANENT,
                        "The mail server refused the login" + (code == 0 ? "" : " with " + code)
                                + ": check the parameters username and password",
                        0,
                        null,
                        reply);
    }

    private static StepFailure ofOther(List<Exception> chain, boolean begun) {
        for (Exception one : chain) {
            String name = one.getClass().getSimpleName();
            if (one instanceof IOException) {
                return begun
                        ? StepFailure.unsure("The connection to the mail server broke (" + name + ")", null)
                        : StepFailure.passing("No connection to the mail server (" + name + ")", null);
            }
        }
        String message = chain.isEmpty() ? null : chain.get(0).getMessage();
        if (message != null && message.startsWith("STARTTLS is required")) {
            return StepFailure.permanent(
                    "The mail server does not offer STARTTLS, so nothing was sent: check the parameters port and security");
        }
        return ofReply("the connection", code(message), begun, message);
    }

    /** @param code 0 or less where there was no reply */
    private static StepFailure ofReply(String what, int code, boolean begun, @Nullable String reply) {
        if (code < 400 || code > 599) {
            return begun
                    ? StepFailure.unsure("The mail server closed the connection without a reply to the message", null)
                    : StepFailure.passing("The mail server closed the connection before the message", null);
        }
        String message = "The mail server refused " + what + " with " + code;
        if (code == CLOSING) {
            return StepFailure.limited(message, 0, null, reply);
        }
        return StepFailure.ofBody(code < 500 ? Kind.PASSING : Kind.PERMANENT, message, 0, null, reply);
    }

    private static int code(@Nullable String reply) {
        Matcher matcher = REPLY.matcher(reply == null ? "" : reply);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static List<Exception> chain(Exception failure) {
        List<Exception> chain = new ArrayList<>();
        Throwable at = failure;
        while (at instanceof Exception one && chain.size() < 1_000) {
            chain.add(one);
            at = one instanceof MessagingException mail && mail.getNextException() != null
                    ? mail.getNextException()
                    : one.getCause();
        }
        return chain;
    }

    private static <T> List<T> only(List<Exception> chain, Class<T> type) {
        return chain.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
