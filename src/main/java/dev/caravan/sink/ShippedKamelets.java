package dev.caravan.sink;

import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PropertyBindingSupport;

/** The Kamelets in the jar whose parameters are to be passed through {@link ParameterCode}. */
public final class ShippedKamelets {
    private static final Map<String, Supplier<SinkBean<?, ?>>> BEANS = Map.of(
            "database-upsert-sink", DatabaseUpsertSink::new,
            "download-json-action", DownloadJsonAction::new,
            "http-forward-sink", HttpForwardSink::new,
            "slack-message-sink", SlackMessageSink::new);

    /** Their names, as after {@code kamelet:} in a route file. */
    public static final Set<String> NAMES = BEANS.keySet();

    private static final Set<String> LOOKING = BEANS.entrySet().stream()
            .filter(bean -> bean.getValue().get().canLook())
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());

    private ShippedKamelets() {}

    /** Whether the Kamelet of the jar with this name answers a {@link LookRequest}. */
    public static boolean canLook(String kamelet) {
        return LOOKING.contains(kamelet);
    }

    /**
     * What is wrong with the parameters of one use, in the words in which its start would tell it. Starts nothing and
     * connects to nothing.
     *
     * @param coded the values, passed through {@link ParameterCode}
     * @param camel has the {@link Sinks} and data sources in its registry; need not be started
     * @return empty if nothing is wrong, or the Kamelet is not one of these
     */
    public static Optional<String> problem(String kamelet, Properties coded, CamelContext camel) {
        Supplier<SinkBean<?, ?>> maker = BEANS.get(kamelet);
        if (maker == null) {
            return Optional.empty();
        }
        SinkBean<?, ?> bean = maker.get();
        Map<String, Object> values = new TreeMap<>();
        coded.stringPropertyNames().forEach(name -> values.put(name, coded.getProperty(name)));
        PropertyBindingSupport.build()
                .withCamelContext(camel)
                .withTarget(bean)
                .withProperties(values)
                .withReference(false)
                .withPlaceholder(false)
                .bind();
        try {
            bean.check(camel);
            return Optional.empty();
        } catch (BadParameter wrong) {
            return Optional.ofNullable(wrong.getMessage());
        }
    }
}
