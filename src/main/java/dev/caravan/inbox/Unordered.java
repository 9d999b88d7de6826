package dev.caravan.inbox;

/** An open delivery of which it is not known by which value it is ordered. */
public record Unordered(String deliveryId, Event event) {}
