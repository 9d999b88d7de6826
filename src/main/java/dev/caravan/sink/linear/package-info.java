/** Linear issues, through its GraphQL API: https://linear.app/developers/graphql. */
@NullMarked
package dev.caravan.sink.linear;

import org.jspecify.annotations.NullMarked;
