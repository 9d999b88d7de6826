/**
 * Manage: what people and programs see of a node on the management listener: the JSON of {@code /api/v1}, the console,
 * health.
 *
 * <p>Guarantees: lists hold no payload and no secret; beyond loopback nothing but health is answered without the token.
 *
 * <p>May import {@code receive}, {@code inbox}, {@code automation}, {@code source} and {@code settings}.
 */
@NullMarked
package dev.caravan.manage;

import org.jspecify.annotations.NullMarked;
