package dev.caravan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.inbox.DataDirectory;
import dev.caravan.manage.Views;
import dev.caravan.runtime.NodePorts;
import dev.caravan.settings.Secret;
import dev.caravan.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The API of the node that runs on this machine. */
final class NodeClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final JsonMapper json = JsonMapper.builder().build();
    private final String base;
    private final Optional<Secret> token;

    NodeClient(Settings settings, Path data) {
        int port = NodePorts.read(data)
                .map(NodePorts::management)
                .orElseGet(() -> settings.count("camel.management.port", 8081, 0, 65_535));
        this.base = "http://127.0.0.1:" + port + "/api/v1/";
        this.token = settings.secrets("caravan.console.token").stream().findFirst();
    }

    /** Whether a node runs in a data directory. */
    static boolean isRunning(Path data) {
        return DataDirectory.isInUse(data);
    }

    /**
     * Asks the API.
     *
     * @param path below {@code /api/v1/}, with what stands in it encoded
     * @throws CommandFailure where the node does not answer, or with its sentence where it refuses
     */
    JsonNode get(String path) {
        return accepted(send(request(path).GET()));
    }

    /** Like {@link #get}, with a JSON body. */
    JsonNode post(String path, Object body) {
        return post(path, body, PATIENCE);
    }

    /** Like {@link #post(String, Object)}, for what takes longer. */
    JsonNode post(String path, Object body, Duration patience) {
        return accepted(send(request(path)
                .timeout(patience)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Views.json(body)))));
    }

    /** Like {@link #post}; empty where the node knows no such thing. */
    Optional<JsonNode> find(String path, Object body) {
        HttpResponse<String> response = send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Views.json(body))));
        return response.statusCode() == 404 ? Optional.empty() : Optional.of(accepted(response));
    }

    /** A text as it stands in a path. */
    static String inPath(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret.value()));
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandFailure(
                    "The node that runs in this directory is not reached at " + base
                            + ": is camel.management.port the one it was started with?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("The command was interrupted.", e);
        }
    }

    private JsonNode accepted(HttpResponse<String> response) {
        JsonNode answer = parsed(response);
        if (response.statusCode() / 100 != 2) {
            throw new CommandFailure("The running node answered " + response.statusCode() + ": "
                    + answer.path("error").asText() + ".");
        }
        return answer;
    }

    private JsonNode parsed(HttpResponse<String> response) {
        try {
            return json.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new CommandFailure(
                    "What answers at " + base
                            + " is not Caravan: is camel.management.port the one it was started with?",
                    e);
        }
    }

    /** Nothing to do: Java 17's client ends with its last request. */
    @Override
    public void close() {}
}
