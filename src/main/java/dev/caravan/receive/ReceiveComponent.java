package dev.caravan.receive;

import dev.caravan.source.Source;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/** The component {@code receive:}, of which there is one endpoint: the webhooks of all sources on the public listener. */
public final class ReceiveComponent extends DefaultComponent {
    private final Map<String, Source> sources;
    private final Map<Source, Set<String>> headers;
    private final ReceiveSettings settings;
    private final AnswerObserver answers;
    private final Clock clock;

    public ReceiveComponent(List<Source> sources, ReceiveSettings settings, AnswerObserver answers, Clock clock) {
        this.sources = sources.stream().collect(Collectors.toMap(Source::name, Function.identity()));
        this.headers = sources.stream().collect(Collectors.toMap(Function.identity(), ReceiveComponent::letIn));
        this.settings = settings;
        this.answers = answers;
        this.clock = clock;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new ReceiveEndpoint(uri, this, remaining);
    }

    private static Set<String> letIn(Source source) {
        Set<String> names = new TreeSet<>(source.headerNames());
        names.add("content-type");
        return Set.copyOf(names);
    }

    /** The headers that a source's requests are let in with, in lower case. */
    Set<String> headersOf(Source source) {
        return headers.getOrDefault(source, Set.of());
    }

    Map<String, Source> sources() {
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
