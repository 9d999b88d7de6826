package dev.caravan.receive;

import dev.caravan.inbox.Refusal;

/** A request that becomes no event: why, and what it is answered. Without a stack trace, since a stranger can cause it. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal.Kind kind;
    private final transient Answer answer;

    Refused(Refusal.Kind kind, String reason, Answer answer) {
        super(reason, null, false, false);
        this.kind = kind;
        this.answer = answer;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    Refusal.Kind kind() {
        return kind;
    }

    Answer answer() {
        return answer;
    }
}
