package dev.caravan.sink.koji;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Koji's types of questions, and what an answer to each is in a route. Koji's pages name the types and say that an answer
 * has an "extracted value", not how that is written: each type takes what it can be read from, and anything else counts
 * as no answer.
 */
enum QuestionType {
    /** Text. */
    OPEN_ENDED {
        @Override
        Optional<Object> answer(Object value) {
            return text(value);
        }
    },

    /** A number. */
    SCALE {
        @Override
        Optional<Object> answer(Object value) {
            return value instanceof Number ? Optional.of(value) : text(value).flatMap(QuestionType::number);
        }
    },

    /** Text: the option. */
    SINGLE_CHOICE {
        @Override
        Optional<Object> answer(Object value) {
            boolean one = value instanceof List<?> list && list.size() == 1;
            return one ? text(((List<?>) value).get(0)) : text(value);
        }
    },

    /** A list: the options. */
    MULTIPLE_CHOICE {
        @Override
        Optional<Object> answer(Object value) {
            return list(value);
        }
    },

    /** A list: the options, the best first. */
    RANKING {
        @Override
        Optional<Object> answer(Object value) {
            return list(value);
        }
    },

    /** True or false. */
    YES_NO {
        @Override
        Optional<Object> answer(Object value) {
            return value instanceof Boolean ? Optional.of(value) : text(value).flatMap(QuestionType::yes);
        }
    };

    /** No scale goes further. */
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Integer.MAX_VALUE);

    private static final Set<String> YES = Set.of("yes", "y", "true", "1");
    private static final Set<String> NO = Set.of("no", "n", "false", "0");

    /** The answer as this type has it; empty if the value is none. */
    abstract Optional<Object> answer(Object value);

    /** By its name in a payload, in any case. */
    static Optional<QuestionType> named(String name) {
        for (QuestionType type : values()) {
            if (type.name().equalsIgnoreCase(name.strip())) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    private static Optional<Object> text(Object value) {
        boolean structure = value instanceof Map || value instanceof List;
        String text = structure ? "" : value.toString().strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static Optional<Object> number(Object text) {
        try {
            BigDecimal number = new BigDecimal(text.toString());
            if (number.abs().compareTo(LARGEST) > 0) {
                return Optional.empty();
            }
            boolean whole = number.stripTrailingZeros().scale() <= 0;
            return Optional.of(whole ? (Object) number.intValueExact() : (Object) number.doubleValue());
        } catch (NumberFormatException notNumber) {
            return Optional.empty();
        }
    }

    private static Optional<Object> yes(Object text) {
        String word = text.toString().toLowerCase(Locale.ROOT);
        return YES.contains(word) ? Optional.of(true) : NO.contains(word) ? Optional.of(false) : Optional.empty();
    }

    private static Optional<Object> list(Object value) {
        if (value instanceof List<?> list) {
            return list.isEmpty() ? Optional.empty() : Optional.of(list);
        }
        return value instanceof Map ? Optional.empty() : text(value).map(List::of);
    }
}
