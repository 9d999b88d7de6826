/** Jira issues, on Jira Cloud (REST API version 3) and Jira Server or Data Center (version 2). */
@NullMarked
package dev.caravan.sink.jira;

import org.jspecify.annotations.NullMarked;
