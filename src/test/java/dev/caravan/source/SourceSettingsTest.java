package dev.caravan.source;

import static dev.caravan.source.Sources.problems;
import static dev.caravan.source.Sources.source;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceSettingsTest {
    private static final String KEY = "caravan.source.x.";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    preset=kojy | preset is "kojy", which is no preset; did you mean koji?
                    preset= | preset is "", which is no preset; give one of ai-interview
                    preset=koji;signature=hmac-sha265 | signature is "hmac-sha265", which is no method; did you mean hmac-sha256?
                    preset=koji;signature= | signature is empty; give a value, or remove the line for what the preset says.
                    preset=koji;signature=none | signature is none, so that anybody can send events
                    preset=koji;signature=none;signature.none.accepted=yes | signature.none.accepted is "yes"; give true or false.
                    preset=koji;signature=hmac-sha512 | signature.header is not set; name the header that hmac-sha512 reads.
                    preset=koji;signature.encoding=base46 | signature.encoding is "base46"; give hex or base64.
                    preset=koji;signature.payload={bdoy} | signature.payload is "{bdoy}"; give text with {method}
                    preset=koji;signature.payload={body | signature.payload is "{body"; give text with {method}
                    preset=koji;signature.payload={uri} | signature.payload is "{uri}", so that the body is not signed; add {body}.
                    preset=koji;signature.payload={timestamp}.{body} | timestamp.header is not set
                    preset=koji;timestamp.tolerance=5m | timestamp.tolerance has no effect, since the signature does not cover a {timestamp}; remove it.
                    preset=slack;timestamp.tolerance=0s | timestamp.tolerance is "0s"; give a duration above zero such as 5m.
                    preset=slack;timestamp.tolerance=soon | timestamp.tolerance is "soon"; give a duration above zero such as 5m.
                    preset=kejue;signature=bearer;signature.encoding=hex | signature.encoding has no effect, since caravan.source.x.signature is bearer; remove it.
                    preset=kejue;signature=basic;secret=nocolon | secret is not user:password
                    preset=standard-webhooks;secret=whsec_%%% | secret is not base64 after whsec_
                    preset=koji;event-type=event | event-type is "event"; give JSON Pointers
                    preset=koji;idempotency-key=/a + id | idempotency-key is "/a + id"; give places
                    preset=koji;idempotency-key=/a + | idempotency-key is "/a +"; give places
                    preset=koji;events=items | events is "items"; give a JSON Pointer
                    preset=koji;handshake=on | handshake is "on"; give true or false.
                    preset=koji;secrt=a | secrt is not a setting that Caravan knows; did you mean caravan.source.x.secret?
                    preset=koji;signature.hedaer=a | signature.hedaer is not a setting that Caravan knows; did you mean caravan.source.x.signature.header?
                    signature=hmac-sha256;signature.header=X | event-type is not set
                    event-type=/event | signature is not set; give one of hmac-sha256
                    """)
    void whatCannotBeUsedIsNamed(String keys, String problem) {
        assertThat(problems(keys.replace(";", "\n")))
                .anySatisfy(sentence -> assertThat(sentence).startsWith(KEY + problem.strip()))
                .noneMatch(sentence -> sentence.contains("nocolon") || sentence.contains("%%%"));
    }

    @Test
    void allProblemsOfASourceAreReportedTogether() {
        assertThat(problems("signature=hmac-sha256\nsignature.encoding=x\nevent-time=x\nhandshake=x\nunknown=1"))
                .hasSize(6);
    }

    @Test
    void aNameThatIsNoPartOfAUrlIsRefused() {
        assertThat(problems("caravan.source.a/b.preset=koji"))
                .containsExactly(
                        "caravan.source.a/b: The source name \"a/b\" is part of a URL; use letters, digits, - and _ only.");
    }

    @Test
    void aUsersOwnKeyReplacesThePresetsKeysForEveryType() {
        Source koji = source("preset=koji\nidempotency-key=/id\nidempotency-key.report.*=/r");

        assertThat(Sources.event(koji, Sources.utf8("{\"type\":\"study.published\",\"id\":1}"))
                        .idempotencyKey())
                .isEqualTo("1:1");
        assertThat(Sources.event(koji, Sources.utf8("{\"type\":\"report.generated\",\"id\":1,\"r\":2}"))
                        .idempotencyKey())
                .isEqualTo("1:2");
    }

    @Test
    void anEmptyPrefixReplacesThePresets() {
        Source koji = source("preset=koji\nsecret=one\nsignature.prefix=");

        assertThat(Sources.signed(koji, Sources.BODY)
                        .headers()
                        .all("X-Koji-Signature")
                        .get(0))
                .hasSize(64);
    }
}
