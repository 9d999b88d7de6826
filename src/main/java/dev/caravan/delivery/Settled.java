package dev.caravan.delivery;

import dev.caravan.inbox.Claimed;
import dev.caravan.inbox.Settlement;

/** An attempt that was recorded, with the delivery that it was for. */
public record Settled(Claimed claimed, Settlement settlement) {}
