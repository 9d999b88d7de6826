package dev.caravan.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.settings.Settings;
import dev.caravan.source.Headers;
import dev.caravan.source.Identification;
import dev.caravan.source.IncomingRequest;
import dev.caravan.source.NewEvent;
import dev.caravan.source.Presets;
import dev.caravan.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplesTest {
    private static final Path FOLDER = Path.of("src/main/resources/samples");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Samples SAMPLES = Samples.shipped();

    @Test
    void theIndexListsEveryFileOfTheFolder() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            List<String> onDisk = files.filter(file -> file.toString().endsWith(".json"))
                    .map(file -> FOLDER.relativize(file).toString())
                    .toList();
            List<String> listed = Files.readAllLines(FOLDER.resolve("index")).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.substring(0, line.indexOf(' ')))
                    .toList();
            assertThat(listed).containsExactlyInAnyOrderElementsOf(onDisk);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"koji", "koeiq", "ai-interview", "kejue", "product"})
    void everyEventTypeOfAVendorHasASample(String vendor) {
        assertThat(SAMPLES.events(vendor))
                .containsExactlyInAnyOrderElementsOf(source(vendor).eventTypes());
    }

    @Test
    void everyKojiEventHasBothShapes() {
        for (String event : SAMPLES.events("koji")) {
            JsonNode older = json(sample("koji", event, "older"));
            JsonNode newer = json(sample("koji", event, "newer"));
            assertThat(older.path("event").asText()).isEqualTo(event);
            assertThat(older.has("project_id")).isTrue();
            assertThat(newer.path("type").asText()).isEqualTo(event);
            assertThat(newer.at("/data/study_id").isTextual()).isTrue();
        }
    }

    @Test
    void theUsualKojiShapesAreTheDocumentedOnes() {
        assertThat(SAMPLES.find("koji", "interview.completed", Optional.empty()))
                .map(Sample::shape)
                .contains("newer");
        assertThat(SAMPLES.find("koji", "interview.analysis_ready", Optional.empty()))
                .map(Sample::shape)
                .contains("older");
    }

    @ParameterizedTest
    @MethodSource("all")
    void aSampleIsOneEventOfItsType(Sample sample) {
        assertThat(event(sample).type()).isEqualTo(sample.event());
        assertThat(event(sample).time()).isPresent();
    }

    @Test
    void noSampleIsADuplicateOfAnother() {
        Map<String, Set<String>> keys = new HashMap<>();
        for (Sample sample : SAMPLES.all()) {
            assertThat(keys.computeIfAbsent(sample.preset(), preset -> new HashSet<>())
                            .add(event(sample).idempotencyKey()))
                    .as(sample.preset() + " " + sample.event() + " " + sample.shape())
                    .isTrue();
        }
    }

    @Test
    void kejuesCallEventsBelongToOneCall() {
        assertThat(Stream.of("call.started", "call.ended", "call.analyzed")
                        .map(event -> json(sample("kejue", event, "")))
                        .map(root -> root.at("/data/job_id")
                                .asText(root.at("/data/call/id").asText()))
                        .collect(Collectors.toSet()))
                .containsExactly("job_123");
    }

    @ParameterizedTest
    @MethodSource("all")
    void aNumberedSampleIsAnotherEventAndTheSameEveryTime(Sample sample) {
        assertThat(event(sample.numbered(1)).idempotencyKey())
                .isNotEqualTo(event(sample).idempotencyKey())
                .isNotEqualTo(event(sample.numbered(2)).idempotencyKey())
                .isEqualTo(event(sample.numbered(1)).idempotencyKey());
        assertThat(event(sample.numbered(1)).type()).isEqualTo(sample.event());
    }

    @Test
    void fieldsCanBeSetWithTheTypeThatTheirValueHas() {
        Sample sample = sample("koji", "interview.completed", "newer")
                .with(List.of(
                        "data.quality_score=2",
                        "data.verified=true",
                        "data.participant.company=null",
                        "data.participant.name=Ann = \"A\" 😀",
                        "data.zip=\"007\"",
                        "data.code=007",
                        "data.new.deep.field=1.5",
                        "data.empty=",
                        "data.tags=[\"a\",\"b\"]"));
        JsonNode data = json(sample).get("data");
        assertThat(data.get("quality_score").isInt()).isTrue();
        assertThat(data.get("verified").booleanValue()).isTrue();
        assertThat(data.at("/participant/company").isNull()).isTrue();
        assertThat(data.at("/participant/name").textValue()).isEqualTo("Ann = \"A\" 😀");
        assertThat(data.get("zip").textValue()).isEqualTo("007");
        assertThat(data.get("code").textValue()).isEqualTo("007");
        assertThat(data.at("/new/deep/field").doubleValue()).isEqualTo(1.5);
        assertThat(data.get("empty").textValue()).isEmpty();
        assertThat(data.get("tags")).hasSize(2);
        assertThat(data.get("interview_id").textValue()).isEqualTo("abc123");
    }

    @Test
    void anEventInAListIsSetByItsNumberAndItsIdStaysANumber() {
        Sample sample = sample("hubspot", "deal.propertyChange", "lost").with(List.of("0.objectId=7"));

        assertThat(json(sample).at("/0/objectId").intValue()).isEqualTo(7);
        assertThat(json(sample.numbered(1)).at("/0/eventId").isIntegralNumber()).isTrue();
    }

    @Test
    void anElementOfAListIsSetByItsNumber() {
        Sample sample =
                sample("koji", "interview.analysis_ready", "newer").with(List.of("data.structured_answers.1.value=3"));
        assertThat(json(sample).at("/data/structured_answers/1/value").intValue())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=1", "data", "data..x=1", ".x=1", "type.x=1", "data.structured_answers.9.value=1"})
    void anOverrideThatCannotBeAppliedIsNamed(String override) {
        Sample sample = sample("koji", "interview.analysis_ready", "newer");
        assertThatThrownBy(() -> sample.with(List.of(override)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(".");
    }

    @Test
    void withoutOverridesTheBytesStayAsTheyAre() throws IOException {
        assertThat(sample("koji", "interview.completed", "newer")
                        .with(List.of())
                        .body())
                .isEqualTo(Files.readAllBytes(FOLDER.resolve("koji/interview.completed.json")));
    }

    static List<Sample> all() {
        return SAMPLES.all();
    }

    private static Sample sample(String vendor, String event, String shape) {
        return SAMPLES.find(vendor, event, Optional.of(shape)).orElseThrow();
    }

    private static Source source(String preset) {
        Settings settings = Settings.of(
                Path.of("."), Map.of("caravan.source.x.preset", preset, "caravan.source.x.secret", "YSBzZWNyZXQ="));
        return Source.readAll(settings, Presets.load(settings)).get(0);
    }

    private static NewEvent event(Sample sample) {
        IncomingRequest request = new IncomingRequest(
                "POST", "/webhooks/x", Headers.of(Map.of()), sample.body(), Instant.parse("2026-06-01T00:00:00Z"));
        Identification found = source(sample.preset()).identify(request);
        assertThat(found).isInstanceOf(Identification.Identified.class);
        List<NewEvent> events = ((Identification.Identified) found).events();
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    private static JsonNode json(Sample sample) {
        try {
            return JSON.readTree(sample.body());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
