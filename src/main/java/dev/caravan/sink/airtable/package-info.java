/** Airtable: a record of a table, updated where it is there already. */
@NullMarked
package dev.caravan.sink.airtable;

import org.jspecify.annotations.NullMarked;
