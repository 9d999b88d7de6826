package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterCodeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "#general",
                "{{literal}} ${body}",
                "a=1&b=%20+2",
                "\"quoted\" 'twice'",
                "two\nlines\r\n",
                "🚐 é ü",
                "RAW(x)",
                "caravan64.YQ"
            })
    void anyValueComesBackAsItWas(String value) {
        String coded = ParameterCode.encode(value);
        assertThat(coded).matches("[A-Za-z0-9._-]+");
        assertThat(ParameterCode.decode(coded)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "", "caravan64.not base64"})
    void aTextThatWasNotEncodedStays(String text) {
        assertThat(ParameterCode.decode(text)).isEqualTo(text);
    }
}
