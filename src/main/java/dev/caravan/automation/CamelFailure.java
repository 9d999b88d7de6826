package dev.caravan.automation;

import dev.caravan.sink.BadParameter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.ResolveEndpointFailedException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Tells a user what Camel found wrong: one sentence, with the line where Camel knows it, and without option values, for
 * they may be secrets.
 */
final class CamelFailure {
    private static final Pattern OPTION_VALUE = Pattern.compile("(?<=[\\w.-])=[^,&}\\])]+");
    private static final String UNKNOWN = "Unknown parameters=[{";
    private static final Pattern PLACE = Pattern.compile(" in [\\w:./-]+, line \\d+, column \\d+.*");

    private CamelFailure() {}

    /** The finding for a failure; {@code line} counts where Camel names none. */
    static Finding finding(String file, int line, Throwable failure) {
        MarkedYamlEngineException marked = cause(failure, MarkedYamlEngineException.class);
        if (marked == null) {
            return Finding.error(file, line, message(failure));
        }
        int at = marked.getProblemMark()
                .or(marked::getContextMark)
                .map(Mark::getLine)
                .orElse(line - 1);
        return Finding.error(
                file,
                at + 1,
                YamlText.sentence(PLACE.matcher(marked.getProblem()).replaceAll("")));
    }

    static String message(Throwable failure) {
        BadParameter parameter = cause(failure, BadParameter.class);
        if (parameter != null && parameter.getMessage() != null) {
            return YamlText.sentence(parameter.getMessage());
        }
        NoSuchEndpointException unknown = cause(failure, NoSuchEndpointException.class);
        if (unknown != null) {
            String scheme = unknown.getUri().split(":", 2)[0];
            return "there is no component `" + scheme + "`; check its spelling or put its jar into lib/.";
        }
        NoSuchLanguageException language = cause(failure, NoSuchLanguageException.class);
        if (language != null) {
            return "there is no language `" + language.getLanguage()
                    + "`; check its spelling or put its jar into lib/.";
        }
        NoSuchBeanException bean = cause(failure, NoSuchBeanException.class);
        if (bean != null) {
            return "there is no bean `" + bean.getName() + "`; check its spelling or define it under `- beans:`.";
        }
        return other(failure);
    }

    private static String other(Throwable failure) {
        Throwable root = root(failure);
        String text =
                Optional.ofNullable(root.getMessage()).orElse(root.getClass().getSimpleName());
        ResolveEndpointFailedException endpoint = cause(failure, ResolveEndpointFailedException.class);
        if (endpoint != null) {
            return "the endpoint `" + endpoint.getUri().split(":", 2)[0] + ":` is not right: " + option(failure, text);
        }
        if (root instanceof NumberFormatException) {
            return "a value is not a number.";
        }
        return YamlText.sentence(OPTION_VALUE.matcher(text).replaceAll(""));
    }

    /** What is wrong with an endpoint's options; never Camel's own sentence, which quotes their values. */
    private static String option(Throwable failure, String text) {
        PropertyBindingException option = cause(failure, PropertyBindingException.class);
        if (option != null && option.getPropertyName() != null) {
            return "the value of its option `" + option.getPropertyName() + "` does not fit.";
        }
        int unknown = text.indexOf(UNKNOWN);
        if (unknown >= 0) {
            String names = OPTION_VALUE
                    .matcher(text.substring(unknown + UNKNOWN.length()))
                    .replaceAll("");
            return "it has no option `" + names.replaceAll("[}\\].]", "").replace(", ", "`, `") + "`.";
        }
        return "one of its options is missing or does not fit ("
                + root(failure).getClass().getSimpleName() + ").";
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }
}
