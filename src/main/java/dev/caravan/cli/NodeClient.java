package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.inbox.DataDirectory;
import dev.caravan.inbox.DeliveryState;
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
final class NodeClient implements ReplayCommand.Replayer {
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

    @Override
    public Optional<DeliveryState> replay(String id) {
        String path =
                "deliveries/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20") + "/replay";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"));
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret.value()));
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return switch (response.statusCode()) {
                case 200 -> DeliveryState.ofLabel(text(response.body(), "was"));
                case 404 -> Optional.empty();
                case 409 -> Optional.of(DeliveryState.RUNNING);
                default ->
                    throw new CommandFailure("The running node answered " + response.statusCode() + ": "
                            + text(response.body(), "error") + ".");
            };
        } catch (IOException e) {
            throw new CommandFailure(
                    "The node that runs in this directory is not reached at " + base
                            + ": is camel.management.port the one it was started with?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("The replay was interrupted.", e);
        }
    }

    private String text(String body, String key) throws IOException {
        JsonNode tree = json.readTree(body);
        return tree.path(key).asText();
    }

    @Override
    public void close() {}
}
