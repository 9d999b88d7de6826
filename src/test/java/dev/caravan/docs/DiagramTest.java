package dev.caravan.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiagramTest {
    private static String diagram(String yaml) {
        return Diagram.of(Tree.map(Tree.parse("test", yaml)));
    }

    @Test
    void aBranchThatOnlyPreparesValuesLeadsOn() {
        assertThat(diagram("""
                from:
                  uri: inbox:koji
                  parameters: {events: "a.b, c.d"}
                  steps:
                    - choice:
                        id: which
                        when:
                          - simple: "${variable.eventType} == 'a.b'"
                            steps: [{setVariable: {name: x, constant: "1"}}]
                          - simple: "${body?[data]?[score]} > 3 && '{{team.name:red}}' != ''"
                            steps: [{to: {id: tell, uri: "kamelet:slack-message-sink", parameters: {webhookUrl: "{{?slack.url}}"}}}]
                    - to: {id: store, uri: "kamelet:database-upsert-sink"}
                """)).isEqualTo("""
                flowchart TD
                    n1(["inbox:koji<br/>a.b<br/>c.d"])
                    n2{{"which"}}
                    n3["tell<br/>slack-message-sink<br/>only with slack.url"]:::optional
                    n4["store<br/>database-upsert-sink"]
                    n1 --> n2
                    n2 -->|"data.score #62; 3 and team.name is set"| n3
                    n2 -->|"a.b"| n4
                    n3 --> n4
                    n2 -->|"otherwise"| n4
                    classDef optional stroke-dasharray: 4 3
                """);
    }

    @Test
    void aSplitIsABoxAndAFailureADashedArrow() {
        assertThat(diagram("""
                from:
                  uri: inbox:koji
                  steps:
                    - split:
                        id: each
                        simple: "${body[data][items]}"
                        steps:
                          - doTry:
                              id: careful
                              steps: [{to: {id: ask, uri: "kamelet:download-json-action"}}]
                              doCatch: [{exception: [java.lang.Exception], steps: [{stop: {}}]}]
                          - log: said
                """)).isEqualTo("""
                flowchart TD
                    n1(["inbox:koji"])
                    subgraph s2["each<br/>split: each of data.items"]
                        subgraph s3["careful<br/>try"]
                            n4["ask<br/>download-json-action"]
                        end
                        n5["stop"]
                        n6["log"]
                    end
                    n1 --> n4
                    s3 -.->|"fails"| n5
                    n4 --> n6
                """);
    }

    @Test
    void whatMeansSomethingToMermaidIsText() {
        assertThat(diagram("""
                from:
                  uri: inbox:x
                  steps:
                    - to: {id: 'a"]; click #1 <b>`', uri: "direct:next"}
                """)).contains("n2[[\"a#34;]; click #35;1 #60;b#62;#96;<br/>direct:next\"]]\n");
    }
}
