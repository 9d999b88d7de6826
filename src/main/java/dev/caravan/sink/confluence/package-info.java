/** Confluence Cloud pages, through its REST API version 2: https://developer.atlassian.com/cloud/confluence/rest/v2/. */
@NullMarked
package dev.caravan.sink.confluence;

import org.jspecify.annotations.NullMarked;
