/** What the sinks of Atlassian's products share: a site with its credentials, and how its answers are read. */
@NullMarked
package dev.caravan.sink.atlassian;

import org.jspecify.annotations.NullMarked;
