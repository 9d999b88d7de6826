package dev.caravan.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.delivery.RetryAfter;
import dev.caravan.source.VendorList;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gets pages of a vendor's list. An answer that says "later" (408, 425, 429, 5xx) and a connection that fails are tried
 * again after the {@code Retry-After} of the answer, or 1, 2, 4 and 8 s. Redirects are not followed, since the key would
 * go along. Used by one thread.
 */
final class VendorClient {
    private static final int TRIES = 5;
    private static final int LARGEST_PAGE = 16 << 20;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final VendorList list;
    private final String option;
    private final Clock clock;
    private final Pause pause;

    VendorClient(String source, VendorList list, Clock clock, Pause pause) {
        this.list = list;
        this.option = "caravan.source." + source + ".reconcile.";
        this.clock = clock;
        this.pause = pause;
    }

    private record Page(int status, Optional<String> retryAfter, byte[] body) {}

    /** @throws VendorFailure where the page cannot be had */
    JsonNode get(URI uri) {
        for (int attempt = 1; ; attempt++) {
            String problem;
            Duration wait = Duration.ofSeconds(1L << (attempt - 1));
            try {
                Page page = send(uri);
                if (page.status() == 200) {
                    return parsed(uri, page.body());
                }
                if (!isPassing(page.status())) {
                    throw refused(uri, page.status());
                }
                problem = "answered " + page.status();
                wait = RetryAfter.parse(page.retryAfter().orElse(null), clock).orElse(wait);
            } catch (IOException e) {
                problem = "is not reached (" + e.getClass().getSimpleName() + ")";
            } catch (TimeoutException e) {
                problem = "does not answer within " + ANSWER.toSeconds() + " s";
            }
            if (attempt == TRIES || wait.compareTo(LONGEST_WAIT) > 0) {
                String asks = wait.compareTo(LONGEST_WAIT) > 0 ? " and asks to wait " + wait.toSeconds() + " s" : "";
                throw new VendorFailure(named(uri) + " " + problem + asks + ": run the command again later.");
            }
            await(wait);
        }
    }

    private Page send(URI uri) throws IOException, TimeoutException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(ANSWER).header("Accept", "application/json");
        list.key()
                .ifPresent(key -> request.header(
                        list.keyHeader(),
                        "Authorization".equalsIgnoreCase(list.keyHeader()) ? "Bearer " + key.value() : key.value()));
        CompletableFuture<Page> answer = client.sendAsync(request.GET().build(), BodyHandlers.ofInputStream())
                .thenApplyAsync(VendorClient::read);
        try {
            return answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UncheckedIOException unchecked) {
                throw new IOException(unchecked.getCause());
            }
            if (cause instanceof IOException io) {
                throw io;
            }
            throw new VendorFailure(named(uri) + " cannot be asked: "
                    + (cause == null ? e : cause).getClass().getSimpleName() + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VendorFailure("The comparison was interrupted: run it again.");
        } finally {
            answer.cancel(true);
        }
    }

    private static Page read(HttpResponse<InputStream> response) {
        try (InputStream in = response.body()) {
            return new Page(
                    response.statusCode(),
                    response.headers().firstValue("Retry-After"),
                    in.readNBytes(LARGEST_PAGE + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode parsed(URI uri, byte[] body) {
        if (body.length > LARGEST_PAGE) {
            throw new VendorFailure(named(uri) + " answered more than " + (LARGEST_PAGE >> 20) + " MiB: lower " + option
                    + "page-size.");
        }
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw notJson(uri);
        }
    }

    private VendorFailure notJson(URI uri) {
        return new VendorFailure(named(uri) + " answered no JSON: is " + option + "url the address of the list?");
    }

    private static boolean isPassing(int status) {
        return status == 408 || status == 425 || status == 429 || status >= 500;
    }

    private VendorFailure refused(URI uri, int status) {
        String advice = switch (status) {
            case 401, 403 ->
                list.key().isPresent()
                        ? option + "key is wrong, or may not read the list."
                        : "it needs a key, set " + option + "key.";
            case 301, 302, 303, 307, 308 -> "set " + option + "url to where it leads.";
            default -> "check " + option + "url and the parameters' names.";
        };
        return new VendorFailure(named(uri) + " answered " + status + ": " + advice);
    }

    private void await(Duration wait) {
        try {
            pause.of(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VendorFailure("The comparison was interrupted: run it again.");
        }
    }

    /** Without its query, which may hold what is nobody's business. */
    static String named(URI uri) {
        return uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
    }
}
