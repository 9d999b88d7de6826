package dev.caravan.receive;

/** Told of every answer to a POST, on the event loop; must not block. */
@FunctionalInterface
public interface AnswerObserver {

    void answered(String source, int status);
}
