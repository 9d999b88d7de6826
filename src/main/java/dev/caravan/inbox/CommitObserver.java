package dev.caravan.inbox;

import java.time.Duration;

/** Told of every commit of an inbox, on the writer's thread: it must not block. */
public interface CommitObserver {
    /** Watches nothing. */
    CommitObserver NONE = new CommitObserver() {
        @Override
        public void committing(int writes) {}

        @Override
        public void committed(int writes, Duration took) {}
    };

    /** The writes are about to be committed together. */
    void committing(int writes);

    /**
     * The writes are on disk; those who wait for them have not been told.
     *
     * @param took from the first statement to the end of the commit
     */
    void committed(int writes, Duration took);

    /** Tells both. */
    default CommitObserver andThen(CommitObserver other) {
        CommitObserver first = this;
        return new CommitObserver() {
            @Override
            public void committing(int writes) {
                first.committing(writes);
                other.committing(writes);
            }

            @Override
            public void committed(int writes, Duration took) {
                first.committed(writes, took);
                other.committed(writes, took);
            }
        };
    }
}
