package dev.caravan.sink.hubspot;

import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.HtmlText;
import dev.caravan.sink.RichText;
import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.TextLimit;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * A note. HubSpot gives notes no unique key and its search shows them late, so the note's last line is a reference made of
 * the delivery, by which it can be found among the record's notes.
 */
record HubspotNote(RichText text) {

    /** The note as HTML, at most 65,536 characters; empty where the text is. */
    Optional<String> html(Exchange exchange) {
        List<Block> blocks = text.render(exchange);
        String last = "<p>" + reference(exchange) + "</p>";
        return blocks.isEmpty()
                ? Optional.empty()
                : Optional.of(TextLimit.fit(blocks, HubspotProperties.LONGEST - last.length(), HtmlText::of) + last);
    }

    /** The same for every attempt of a delivery's step. */
    static String reference(Exchange exchange) {
        return "Ref. caravan-" + DeliveryKey.hash(exchange).substring(0, 16);
    }
}
