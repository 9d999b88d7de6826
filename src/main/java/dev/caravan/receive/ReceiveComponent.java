package dev.caravan.receive;

import dev.caravan.source.CurrentSources;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/** The component {@code receive:}, of which there is one endpoint: the webhooks of all sources on the public listener. */
public final class ReceiveComponent extends DefaultComponent {
    private final CurrentSources sources;
    private final ReceiveSettings settings;
    private final AnswerObserver answers;
    private final Clock clock;

    public ReceiveComponent(CurrentSources sources, ReceiveSettings settings, AnswerObserver answers, Clock clock) {
        this.sources = sources;
        this.settings = settings;
        this.answers = answers;
        this.clock = clock;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new ReceiveEndpoint(uri, this, remaining);
    }

    CurrentSources sources() {
        return sources;
    }

    ReceiveSettings settings() {
        return settings;
    }

    AnswerObserver answers() {
        return answers;
    }

    Clock clock() {
        return clock;
    }
}
