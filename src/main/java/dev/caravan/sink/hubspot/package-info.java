/**
 * HubSpot: contacts and deals, written with a note and read. Requests go through {@link dev.caravan.sink.VendorApi}; all
 * steps with one token share a budget of requests.
 */
@NullMarked
package dev.caravan.sink.hubspot;

import org.jspecify.annotations.NullMarked;
