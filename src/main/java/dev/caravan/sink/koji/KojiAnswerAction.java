package dev.caravan.sink.koji;

import dev.caravan.sink.Escaping;
import dev.caravan.sink.JsonPointers;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.TextTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code koji-answer-action}: sets a variable to the answer that a participant gave to one structured
 * question, found by the question's id in the event or in an interview that was fetched before. By the question's type
 * the answer is a text, a number, true or false, or a list ({@link QuestionType}); of a type that is not known or not
 * given it is as the payload has it. Where there is no answer the variable is removed. The body stays as it is.
 *
 * <p>Koji calls {@code structured_answers} "an array of question IDs, types and extracted values" and shows none, so the
 * fields' names are parameters.
 */
public final class KojiAnswerAction extends SinkBean<KojiAnswerAction.Wanted, KojiAnswerAction.Wanted> {
    private static final String KAMELET = "koji-answer-action";

    private @Nullable String answers;
    private @Nullable String interview;
    private @Nullable String questionId;
    private @Nullable String questionField;
    private @Nullable String typeField;
    private @Nullable String valueField;
    private @Nullable String variable;

    /**
     * What the step says.
     *
     * @param interview the variable that may hold a fetched interview
     */
    public record Wanted(
            JsonPointers answers,
            String interview,
            TextTemplate questionId,
            JsonPointers questionField,
            JsonPointers typeField,
            JsonPointers valueField,
            String variable)
            implements AutoCloseable {
        @Override
        public void close() {
            // Nothing is held.
        }
    }

    public KojiAnswerAction() {
        super(KAMELET);
    }

    public void setAnswers(String value) {
        this.answers = value;
    }

    public void setInterview(String value) {
        this.interview = value;
    }

    public void setQuestionId(String value) {
        this.questionId = value;
    }

    public void setQuestionField(String value) {
        this.questionField = value;
    }

    public void setTypeField(String value) {
        this.typeField = value;
    }

    public void setValueField(String value) {
        this.valueField = value;
    }

    public void setVariable(String value) {
        this.variable = value;
    }

    @Override
    protected Wanted read(CamelContext camel) {
        return new Wanted(
                pointers(answers, "answers", "/data/structured_answers, /structured_answers"),
                given(interview, "interview"),
                TextTemplate.of(required(questionId, "questionId").strip(), Escaping.PLAIN, camel),
                pointers(questionField, "questionField", "/question_id"),
                pointers(typeField, "typeField", "/type"),
                pointers(valueField, "valueField", "/value"),
                given(variable, "answer"));
    }

    /** A name without a slash is a field of the answer. */
    private static JsonPointers pointers(@Nullable String coded, String name, String otherwise) {
        String text = given(coded, otherwise);
        boolean field = !text.contains("/") && !text.contains(",");
        return JsonPointers.of(field ? "/" + text : text, KAMELET, name);
    }

    private static String given(@Nullable String coded, String otherwise) {
        return Objects.requireNonNullElse(optional(coded), otherwise).strip();
    }

    @Override
    protected Wanted open(Wanted wanted, CamelContext camel) {
        return wanted;
    }

    @Override
    protected boolean onlyReads() {
        return true;
    }

    @Override
    protected void deliver(Wanted wanted, Exchange exchange) {
        String question = wanted.questionId().render(exchange);
        Optional<Object> answer = given(wanted, exchange).stream()
                .filter(one -> isTo(question, one, wanted))
                .flatMap(one -> answer(one, wanted).stream())
                .findFirst();
        setVariable(exchange, wanted.variable(), answer.orElse(null));
    }

    /** The answers of the event, then those of the interview. */
    private static List<Map<?, ?>> given(Wanted wanted, Exchange exchange) {
        List<Map<?, ?>> all = new ArrayList<>();
        wanted.answers().find(exchange.getMessage().getBody()).ifPresent(found -> addMaps(found, all));
        wanted.answers().find(exchange.getVariable(wanted.interview())).ifPresent(found -> addMaps(found, all));
        return all;
    }

    private static void addMaps(Object found, List<Map<?, ?>> all) {
        if (found instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Map<?, ?> map) {
                    all.add(map);
                }
            }
        }
    }

    private static boolean isTo(String question, Map<?, ?> answer, Wanted wanted) {
        return wanted.questionField()
                .find(answer)
                .map(id -> id.toString().equals(question))
                .orElse(false);
    }

    private static Optional<Object> answer(Map<?, ?> answer, Wanted wanted) {
        Optional<Object> value = wanted.valueField().find(answer);
        Optional<QuestionType> type =
                wanted.typeField().find(answer).map(Object::toString).flatMap(QuestionType::named);
        return type.isPresent() ? value.flatMap(type.get()::answer) : value;
    }
}
