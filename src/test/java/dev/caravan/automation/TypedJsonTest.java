package dev.caravan.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TypedJsonTest {

    static List<Object> values() {
        return List.of(
                "text",
                "",
                "é 日本 😀 \u0000 \ud800 half",
                true,
                1,
                1L,
                1.0,
                1.5e300,
                Double.NaN,
                1.5f,
                (short) 2,
                (byte) 3,
                new BigDecimal("1.10"),
                new BigInteger("123456789012345678901234567890"),
                new ArrayList<>(Arrays.asList(1, null, "a", List.of())),
                new LinkedHashMap<>(Map.of("map", Map.of("long", "not a number"))));
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueComesBackWithItsType(Object value) throws Exception {
        assertThat(TypedJson.read(TypedJson.write(value))).isEqualTo(value).hasSameClassAs(value);
    }

    @Test
    void whereAValueStandsThatCannotBeWrittenIsTold() {
        assertThatThrownBy(() -> TypedJson.write(Map.of("body", List.of(Map.of("k", new Object())))))
                .isInstanceOf(TypedJson.Unsupported.class)
                .hasMessage("body[0].k is a java.lang.Object");
    }
}
