package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ana@example.com",
                "a.b+c@sub.example.co.uk",
                "o'neil@example.com",
                "a_b-c@x-y.io",
                "Grüße@example.com"
            })
    void oneAddressIsOne(String text) {
        assertThat(EmailText.isAddress(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ana",
                "@example.com",
                "ana@",
                "ana@localhost",
                "a@b@example.com",
                "ana@example.com, bo@example.com",
                "Ana <ana@example.com>",
                "ana@exa mple.com",
                "ana@example.com\r\nBcc: x@example.com",
                "ana@-example.com",
                "ana@example.com.",
                "ana\u0000@example.com",
                "ana\u202e@example.com"
            })
    void anythingElseIsNot(String text) {
        assertThat(EmailText.isAddress(text)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void hostileTextsAreNone(String text) {
        assertThat(EmailText.isAddress(text)).isFalse();
    }

    @Test
    void aLongOneIsNone() {
        assertThat(EmailText.isAddress("a".repeat(243) + "@example.com")).isFalse();
        assertThat(EmailText.isAddress("a".repeat(242) + "@example.com")).isTrue();
    }
}
