package dev.caravan.sink;

import dev.caravan.delivery.StepFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * Fetches one document within {@link DownloadRules}. The rule on addresses is checked where names are resolved, on the
 * very addresses that are then connected to, so that a name that changes its address in between gains nothing. No
 * redirects, cookies, retries or proxies.
 *
 * <p>camel-http cannot end a download whose headers drip, so this is the HTTP client that it brings along.
 */
final class DownloadClient implements AutoCloseable {
    private final DownloadRules rules;
    private final Destinations destinations;
    private final FailureClassifier failures;
    private final ExecutorServiceManager executors;
    private final ScheduledExecutorService timer;
    private final CloseableHttpClient http;

    /** A document: its media type without parameters, empty if the server named none, and its text. */
    record Document(String mediaType, String text) {}

    DownloadClient(Sinks sinks, CamelContext camel) {
        this.rules = sinks.downloads();
        this.destinations = sinks.destinations();
        this.failures = new FailureClassifier(sinks.clock());
        this.executors = camel.getExecutorServiceManager();
        this.timer = executors.newSingleThreadScheduledExecutor(this, "download-timeout");
        this.http =
                client(sinks.destinations().captures() ? SystemDefaultDnsResolver.INSTANCE : new GuardedNames(rules));
    }

    private CloseableHttpClient client(DnsResolver names) {
        Timeout timeout = Timeout.of(rules.timeout());
        PoolingHttpClientConnectionManager connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(names)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout)
                        .setSocketTimeout(timeout)
                        .build())
                .setMaxConnPerRoute(8)
                .build();
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout)
                        .setResponseTimeout(timeout)
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("Caravan")
                .build();
    }

    /**
     * @throws StepFailure permanent if the URL is not allowed or the answer not usable, else passing: fetching again is
     *     harmless
     */
    Document fetch(String url) {
        HttpGet request = new HttpGet(URI.create(destinations.of(checked(url))));
        request.setHeader("Accept", "application/json, text/plain;q=0.9");
        ScheduledFuture<?> deadline =
                timer.schedule(request::cancel, rules.timeout().toMillis(), TimeUnit.MILLISECONDS);
        try {
            return http.execute(request, this::read);
        } catch (ForbiddenAddress forbidden) {
            throw StepFailure.permanent("The download's host has an address that is not public: list it in "
                    + "caravan.download.private-hosts if that is meant");
        } catch (IOException failure) {
            throw StepFailure.passing(
                    request.isCancelled()
                            ? "The download was not complete after "
                                    + rules.timeout().toMillis() + " ms"
                            : "The download failed (" + failure.getClass().getSimpleName() + ")",
                    null);
        } finally {
            deadline.cancel(false);
        }
    }

    private String checked(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException notUrl) {
            throw StepFailure.permanent("The download's URL is not a URL");
        }
        String host = uri.getHost();
        if (host == null || !UrlText.isWeb(url) || uri.getRawUserInfo() != null) {
            throw StepFailure.permanent("The download's URL needs https:// and a host, and no user");
        }
        if (!rules.allows(host)) {
            throw StepFailure.permanent(
                    "Downloads from " + host + " are not allowed: list it in caravan.download.hosts");
        }
        if (!"https".equals(uri.getScheme().toLowerCase(Locale.ROOT)) && !rules.allowsPrivate(host)) {
            throw StepFailure.permanent("Downloads from " + host + " need https");
        }
        return url;
    }

    private Document read(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        if (response.getCode() != 200) {
            throw answered(response);
        }
        if (entity == null) {
            return new Document("", "");
        }
        ContentType type = ContentType.parseLenient(entity.getContentType());
        Charset charset = type == null || type.getCharset() == null ? StandardCharsets.UTF_8 : type.getCharset();
        String mediaType = type == null ? "" : type.getMimeType().toLowerCase(Locale.ROOT);
        return new Document(mediaType, new String(capped(entity.getContent()), charset));
    }

    private StepFailure answered(ClassicHttpResponse response) {
        Header header = response.getFirstHeader("Retry-After");
        String wait = header == null ? null : header.getValue();
        StepFailure failure = failures.ofStatus("The download was answered ", response.getCode(), wait);
        return failure.kind() == StepFailure.Kind.UNSURE
                ? StepFailure.ofBody(
                        StepFailure.Kind.PASSING,
                        "The download was answered " + response.getCode(),
                        response.getCode(),
                        failure.retryAfter().orElse(null),
                        null)
                : failure;
    }

    private byte[] capped(InputStream content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[16_384];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            bytes.write(buffer, 0, read);
            if (bytes.size() > rules.maxBytes()) {
                throw StepFailure.permanent("The download is larger than " + rules.maxBytes()
                        + " bytes: raise caravan.download.max-bytes if that is meant");
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        http.close();
        executors.shutdownNow(timer);
    }

    /** An address that the rules do not allow. */
    private static final class ForbiddenAddress extends UnknownHostException {
        private static final long serialVersionUID = 1L;
    }

    /** Resolves names, and refuses a name of which any address is not public. */
    private record GuardedNames(DownloadRules rules) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] addresses = SystemDefaultDnsResolver.INSTANCE.resolve(host);
            if (!rules.allowsPrivate(host)) {
                for (InetAddress address : addresses) {
                    if (!PublicAddress.isPublic(address)) {
                        throw new ForbiddenAddress();
                    }
                }
            }
            return addresses;
        }

        @Override
        public String resolveCanonicalHostname(String host) throws UnknownHostException {
            return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
        }
    }
}
