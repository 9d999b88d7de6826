/**
 * Sinks: what automations deliver with. One class and one Kamelet file per destination, and what they share: templates
 * and their escaping, where a request really goes, how a failure is judged.
 *
 * <p>Guarantees: a payload's text arrives as text, it never becomes markup, a link, a mention, a query or a header; no
 * parameter value stands in an endpoint URI, a log or an error message; every failure says whether the effect may have
 * happened ({@link dev.caravan.delivery.StepFailure}); nothing is retried here.
 *
 * <p>May import {@code delivery}, {@code inbox}, {@code source} and {@code settings}; Camel, JDBC and the HTTP clients
 * that Camel's components bring along.
 */
@NullMarked
package dev.caravan.sink;

import org.jspecify.annotations.NullMarked;
