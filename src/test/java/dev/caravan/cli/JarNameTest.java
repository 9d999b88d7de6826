package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JarNameTest {
    @Test
    void aCommandToCopyNamesTheJarAsItWasStarted() {
        assertThat(JarName.of("target/caravan.jar")).isEqualTo("target/caravan.jar");
        assertThat(JarName.of("/opt/my apps/caravan.jar")).isEqualTo("'/opt/my apps/caravan.jar'");
    }

    @Test
    void aClassPathOfSeveralIsNoJar() {
        assertThat(JarName.of("target/classes:lib/a.jar")).isEqualTo("caravan.jar");
        assertThat(JarName.of("target/classes")).isEqualTo("caravan.jar");
    }
}
