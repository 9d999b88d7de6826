/**
 * The command line. Data goes to stdout, everything else to stderr; an error is one sentence: the thing, its value, what
 * to do. Exit codes: 0 done, 1 found problems, 2 wrong usage or configuration.
 *
 * <p>May import every stage.
 */
@NullMarked
package dev.caravan.cli;

import org.jspecify.annotations.NullMarked;
