package dev.caravan.automation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.delivery.Attempt;
import dev.caravan.delivery.AttemptRunner;
import dev.caravan.delivery.DeliverySettings;
import dev.caravan.delivery.Lane;
import dev.caravan.delivery.LaneOptions;
import dev.caravan.sink.FailureClassifier;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/** The component {@code inbox:}: an automation's deliveries, one exchange an attempt. */
@Component("inbox")
public final class InboxComponent extends DefaultComponent {
    private final JacksonDataFormat payloads =
            new JacksonDataFormat(JsonMapper.builder().build(), Object.class);
    private final Lanes lanes;
    private final DeliverySettings defaults;
    private final FailureClassifier failures;

    /** Where a started automation gets its deliveries from. */
    @FunctionalInterface
    public interface Lanes {

        /** Begins to run an automation's deliveries, until the lane is closed. */
        Lane open(String automation, LaneOptions options, AttemptRunner runner);
    }

    /**
     * A component whose automations run in lanes.
     *
     * @param defaults for what a route does not say
     * @param failures judges why an attempt failed
     */
    public InboxComponent(Lanes lanes, DeliverySettings defaults, FailureClassifier failures) {
        this.lanes = lanes;
        this.defaults = defaults;
        this.failures = failures;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        InboxEndpoint endpoint = new InboxEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        payloads.setCamelContext(getCamelContext());
        ServiceHelper.startService(payloads);
    }

    @Override
    protected void doStop() throws Exception {
        ServiceHelper.stopService(payloads);
        super.doStop();
    }

    /** The attempt that an exchange runs, null where it runs none. Safe for use by several threads. */
    public static @Nullable Attempt attemptOf(Exchange exchange) {
        return exchange.getProperty(DeliveryProperties.ATTEMPT, Attempt.class);
    }

    JacksonDataFormat payloads() {
        return payloads;
    }

    Lanes lanes() {
        return lanes;
    }

    DeliverySettings defaults() {
        return defaults;
    }

    FailureClassifier failures() {
        return failures;
    }
}
