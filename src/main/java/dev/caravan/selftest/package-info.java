/**
 * Self-test: proves on a user's own machine and configuration that nothing is lost and nothing is done twice. It runs
 * nodes as processes of their own on an inbox of its own, sends them signed events as the vendors do, kills them while
 * they work, and compares what was answered, what was stored and what went out.
 *
 * <p>Guarantees: nothing reaches a destination (each node is in {@link dev.caravan.dryrun dry run}); the user's inbox and
 * data are not touched; no process and no file is left behind, unless this process itself is killed at once.
 *
 * <p>May import every stage but {@code cli}.
 */
@NullMarked
package dev.caravan.selftest;

import org.jspecify.annotations.NullMarked;
