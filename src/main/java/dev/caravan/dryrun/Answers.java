package dev.caravan.dryrun;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What vendors answer, from the table {@code dryrun/answers.yaml}, which says how it is written. Safe for use by several
 * threads.
 */
final class Answers {
    private static final String TABLE = "/dryrun/answers.yaml";
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Ids keep the length that vendors' ids have. */
    private static final long FIRST_NUMBER = 100_000_001;

    private final List<Rule> rules;
    private final Clock clock;
    private final AtomicLong next = new AtomicLong(FIRST_NUMBER);

    /** An answer as it goes over the wire. */
    record Answer(int status, String contentType, byte[] body) {}

    private record Rule(
            Wildcards host,
            Wildcards path,
            String method,
            int status,
            String type,
            @Nullable String text,
            @Nullable Object json) {
        boolean matches(CapturedRequest request) {
            return host.matches(request.host())
                    && path.matches(request.path())
                    && (method.equals("*") || method.equals(request.method()));
        }
    }

    private Answers(List<Rule> rules, Clock clock) {
        this.rules = List.copyOf(rules);
        this.clock = clock;
    }

    /** @throws IllegalStateException if the table in the jar is missing or cannot be read */
    static Answers load(Clock clock) {
        try (InputStream table = Answers.class.getResourceAsStream(TABLE)) {
            if (table == null) {
                throw new IllegalStateException(TABLE + " is not in the jar");
            }
            Object rows = new Load(LoadSettings.builder().setLabel(TABLE).build()).loadFromInputStream(table);
            return new Answers(((List<?>) rows).stream().map(Answers::rule).toList(), clock);
        } catch (IOException unreadable) {
            throw new IllegalStateException(TABLE + " cannot be read", unreadable);
        }
    }

    private static Rule rule(Object row) {
        Map<?, ?> given = (Map<?, ?>) row;
        Object json = given.get("json");
        return new Rule(
                Wildcards.of(text(given, "host", "*")),
                Wildcards.of(text(given, "path", "*")),
                text(given, "method", "*"),
                Integer.parseInt(text(given, "status", "200")),
                text(given, "type", json == null ? "text/plain" : "application/json"),
                json == null ? text(given, "text", "") : null,
                json);
    }

    private static String text(Map<?, ?> row, String key, String def) {
        Object value = row.get(key);
        return value == null ? def : value.toString();
    }

    /** The answer of the first rule that matches; its status does not depend on the request's. */
    Answer to(CapturedRequest request) {
        Rule rule = rules.stream()
                .filter(candidate -> candidate.matches(request))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(TABLE + " has no last row that matches everything"));
        AnswerText fill = new AnswerText(next.getAndIncrement(), clock.instant(), json(request));
        String body = rule.json() == null ? fill.text(String.valueOf(rule.text())) : fill.json(rule.json());
        return new Answer(rule.status(), rule.type(), body.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable JsonNode json(CapturedRequest request) {
        try {
            return JSON.readTree(request.body());
        } catch (JsonProcessingException notJson) {
            return null;
        } catch (IOException neverFromBytes) {
            return null;
        }
    }
}
