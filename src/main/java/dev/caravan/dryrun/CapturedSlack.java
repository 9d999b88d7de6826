package dev.caravan.dryrun;

import dev.caravan.sink.Destinations;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.slack.SlackComponent;
import org.apache.camel.component.slack.SlackEndpoint;

/** camel-slack, talking to the capturing server. */
final class CapturedSlack extends SlackComponent {
    private final Destinations destinations;

    CapturedSlack(Destinations destinations) {
        this.destinations = destinations;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        SlackEndpoint endpoint = (SlackEndpoint) super.createEndpoint(uri, remaining, parameters);
        endpoint.setServerUrl(destinations.of(endpoint.getServerUrl()));
        if (endpoint.getWebhookUrl() != null) {
            endpoint.setWebhookUrl(destinations.of(endpoint.getWebhookUrl()));
        }
        return endpoint;
    }
}
