package dev.caravan.inbox;

/**
 * Who runs deliveries on this node. The inbox asks while it stores an event, so that a delivery which can run at once
 * is claimed in the commit that stores it. All methods are called on the writer's thread and must not block.
 */
public interface Runners {

    /** A node that runs nothing. */
    Runners NONE = new Runners() {
        @Override
        public boolean reserve(String automation) {
            return false;
        }

        @Override
        public void cancel(String automation) {}

        @Override
        public void run(Claimed claimed) {}

        @Override
        public void waiting(String automation) {}
    };

    /** Reserves room for one delivery of the automation; false where there is none, or where its deliveries have an order. */
    boolean reserve(String automation);

    /** Gives back a reservation whose delivery was not committed. */
    void cancel(String automation);

    /** Hands over a delivery that was reserved for and is now on disk as running. */
    void run(Claimed claimed);

    /** Tells that a delivery which is due now was committed unclaimed. */
    void waiting(String automation);

    /** Asks to look for deliveries of every automation, since another node may have left some. */
    default void look() {}
}
