package dev.caravan.automation;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * A small inbox in memory: one queue for each subscription, that outlives the route reading it; a consumer takes one
 * delivery at a time and none while suspended.
 */
final class QueueInbox implements Subscriptions {
    private final Map<String, List<String>> subscribed = new TreeMap<>();
    private final Map<String, BlockingQueue<String>> queues = new ConcurrentHashMap<>();
    final List<String> log = new CopyOnWriteArrayList<>();
    final List<Exchange> failed = new CopyOnWriteArrayList<>();

    synchronized void publish(String source, String body) {
        subscribed.forEach((id, sources) -> {
            if (sources.contains(source) || sources.contains("*")) {
                queue(id).add(body);
            }
        });
    }

    int waiting(String id) {
        return queue(id).size();
    }

    @Override
    public synchronized Set<String> ids() {
        return new TreeSet<>(subscribed.keySet());
    }

    @Override
    public synchronized void subscribe(String id, String origin, List<String> sources, List<String> events) {
        log.add("subscribe " + id + " " + sources + " " + events);
        subscribed.put(id, sources);
    }

    @Override
    public synchronized void unsubscribe(String id) {
        log.add("unsubscribe " + id);
        subscribed.remove(id);
    }

    private BlockingQueue<String> queue(String id) {
        return queues.computeIfAbsent(id, name -> new LinkedBlockingQueue<>());
    }

    QueueComponent component() {
        return new QueueComponent();
    }

    final class QueueComponent extends DefaultComponent {
        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            parameters.remove("events");
            return new QueueEndpoint(uri, this);
        }
    }

    private final class QueueEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {
        QueueEndpoint(String uri, QueueComponent component) {
            super(uri, component);
        }

        @Override
        public boolean isMultipleConsumersSupported() {
            return true;
        }

        @Override
        public Producer createProducer() {
            throw new UnsupportedOperationException("inbox: only hands out");
        }

        @Override
        public Consumer createConsumer(Processor processor) throws Exception {
            Consumer consumer = new QueueConsumer(this, processor);
            configureConsumer(consumer);
            return consumer;
        }
    }

    /**
     * Claims under a lock that suspending takes too, and counts a delivery from its claim on: between the claim and
     * Camel's own count of what is in flight a route must not be stopped.
     */
    private final class QueueConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {
        private final AtomicInteger claimed = new AtomicInteger();
        private @Nullable ExecutorService worker;
        private boolean claiming;

        QueueConsumer(Endpoint endpoint, Processor processor) {
            super(endpoint, processor);
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            claim(true);
            ExecutorService started = getEndpoint()
                    .getCamelContext()
                    .getExecutorServiceManager()
                    .newSingleThreadExecutor(this, "inbox-" + getRouteId());
            worker = started;
            started.execute(this::work);
        }

        @Override
        protected void doSuspend() {
            claim(false);
        }

        @Override
        protected void doResume() {
            claim(true);
        }

        @Override
        protected void doStop() throws Exception {
            claim(false);
            if (worker != null) {
                getEndpoint().getCamelContext().getExecutorServiceManager().shutdownNow(worker);
            }
            super.doStop();
        }

        @Override
        public boolean deferShutdown(ShutdownRunningTask task) {
            return false;
        }

        @Override
        public int getPendingExchangesSize() {
            return claimed.get();
        }

        @Override
        public void prepareShutdown(boolean suspendOnly, boolean forced) {
            claim(false);
        }

        private synchronized void claim(boolean now) {
            claiming = now;
        }

        private synchronized @Nullable String claim() {
            String body = claiming ? queue(getRouteId()).poll() : null;
            if (body != null) {
                claimed.incrementAndGet();
            }
            return body;
        }

        private void work() {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    String body = claim();
                    if (body == null) {
                        TimeUnit.MILLISECONDS.sleep(2);
                    } else {
                        deliver(body);
                        claimed.decrementAndGet();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void deliver(String body) {
            Exchange exchange = createExchange(false);
            exchange.getIn().setBody(body);
            try {
                getProcessor().process(exchange);
            } catch (Exception e) {
                exchange.setException(e);
            }
            if (exchange.getException() != null) {
                failed.add(exchange);
            }
            releaseExchange(exchange, false);
        }
    }
}
