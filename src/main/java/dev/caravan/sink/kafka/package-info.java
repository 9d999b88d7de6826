/** Apache Kafka: the event handed on to a topic. */
@NullMarked
package dev.caravan.sink.kafka;

import org.jspecify.annotations.NullMarked;
