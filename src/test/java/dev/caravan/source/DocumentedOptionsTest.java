package dev.caravan.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** application.properties names every option that a source has. */
class DocumentedOptionsTest {
    @Test
    void everyOptionIsThere() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("application.properties"));
        List<String> options = new ArrayList<>(List.of("secret", "secret.1", "secret.file", OptionNames.NONE_ACCEPTED));
        options.addAll(OptionNames.OF_METHOD);
        options.addAll(OptionNames.OF_VENDOR);
        options.addAll(OptionNames.OF_LIST);
        options.add(OptionNames.LIST_KEY);

        assertThat(options)
                .allSatisfy(option ->
                        assertThat(lines).anyMatch(line -> line.startsWith("# caravan.source.acme." + option + " = ")));
    }
}
