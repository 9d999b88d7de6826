package dev.caravan.inbox;

/**
 * A delivery that this node has claimed and may run.
 *
 * @param attempt the number of the attempt that this claim is for, from 1
 * @param failures earlier attempts that count against the retry schedule
 * @param generation how often the delivery was replayed after it had succeeded
 * @param node the id of the run that has claimed it
 * @param fresh whether it was claimed as it was stored, so that nothing of it has run
 */
public record Claimed(
        String deliveryId,
        String automation,
        int attempt,
        int failures,
        int generation,
        Event event,
        String node,
        boolean fresh) {

    /**
     * What a destination may know the delivery by: its id, and once it is replayed after a success another, so that the
     * destination does not take it for the first.
     */
    public String deliveryKey() {
        return generation == 0 ? deliveryId : deliveryId + ".g" + generation;
    }
}
