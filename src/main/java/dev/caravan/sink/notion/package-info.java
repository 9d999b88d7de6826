/** Notion: a page in a data source, a database or below another page. */
@NullMarked
package dev.caravan.sink.notion;

import org.jspecify.annotations.NullMarked;
