/**
 * Salesforce: the update of a contact in one transaction, and the upsert of any record by an external id.
 *
 * <p>Requests go through camel-salesforce, with one component (one login, one pool of connections) for each account that
 * steps name. Where camel-salesforce 4.18 is not used as it is: a session that has ended is renewed here and once for all
 * who wait (its own handler logs in once for each request, and hangs where the token endpoint answers 401), and the
 * assertion of the JWT bearer flow is made here (its own has a text for {@code exp} and padding).
 */
@NullMarked
package dev.caravan.sink.salesforce;

import org.jspecify.annotations.NullMarked;
