package dev.caravan.dryrun;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.jdbc.JdbcComponent;
import org.apache.camel.component.jdbc.JdbcConstants;
import org.apache.camel.component.jdbc.JdbcEndpoint;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/** camel-jdbc that tells of each statement, and runs it only where that is wanted. */
final class CapturedJdbc extends JdbcComponent {
    private static final Pattern NAMED = Pattern.compile(":\\?([A-Za-z_][A-Za-z0-9_]*)");

    private final SqlEffects effects;
    private final boolean run;

    CapturedJdbc(SqlEffects effects, boolean run) {
        this.effects = effects;
        this.run = run;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        return new Captured(uri, (JdbcEndpoint) super.createEndpoint(uri, remaining, parameters));
    }

    private final class Captured extends DefaultEndpoint {
        private final JdbcEndpoint real;

        Captured(String uri, JdbcEndpoint real) {
            super(uri, CapturedJdbc.this);
            this.real = real;
        }

        @Override
        public Producer createProducer() throws Exception {
            real.setCamelContext(getCamelContext());
            return new Statements(this, real.createProducer(), real.getDataSourceName());
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("jdbc: cannot start a route: use it in to()");
        }
    }

    private final class Statements extends DefaultProducer {
        private final Producer real;
        private final String dataSource;

        Statements(Endpoint endpoint, Producer real, String dataSource) {
            super(endpoint);
            this.real = real;
            this.dataSource = dataSource;
        }

        @Override
        public void process(Exchange exchange) throws Exception {
            String sql = exchange.getMessage().getBody(String.class);
            if (effects.isRow(sql)) {
                effects.write(exchange, real);
                return;
            }
            effects.statement(dataSource, sql, bound(exchange, sql), run);
            if (run) {
                real.process(exchange);
            } else {
                exchange.getMessage().setBody(List.of());
                exchange.getMessage().setHeader(JdbcConstants.JDBC_UPDATE_COUNT, 0);
            }
        }

        /** The values of the statement's named parameters, which camel-jdbc takes from one header or from any. */
        private static Map<String, @Nullable Object> bound(Exchange exchange, String sql) {
            Map<?, ?> given = exchange.getMessage().getHeader(JdbcConstants.JDBC_PARAMETERS, Map.class);
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            Matcher parameter = NAMED.matcher(sql);
            while (parameter.find()) {
                String name = parameter.group(1);
                values.put(name, given == null ? exchange.getMessage().getHeader(name) : given.get(name));
            }
            return values;
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            ServiceHelper.startService(real);
        }

        @Override
        protected void doStop() throws Exception {
            ServiceHelper.stopService(real);
            super.doStop();
        }
    }
}
