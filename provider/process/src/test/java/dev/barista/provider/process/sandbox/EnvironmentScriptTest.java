package dev.barista.provider.process.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentScriptTest {

  @Test
  void value_isQuotedForTheShell() {
    assertThat(EnvironmentScript.script(Map.of("A", "it's $HOME\n`id`")))
        .isEqualTo("export A='it'\\''s $HOME\n`id`'\n");
  }

  @Test
  void nameThatNoShellAssigns_isGivenToEnv() {
    assertThat(EnvironmentScript.prefix(Map.of("a.b", "1", "C", "2")))
        .containsExactly("/usr/bin/env", "a.b=1");
    assertThat(EnvironmentScript.script(Map.of("a.b", "1"))).isEmpty();
    assertThat(EnvironmentScript.prefix(Map.of("C", "2"))).isEmpty();
  }

  /** bash ended with "UID: readonly variable", dash with "Illegal number" for OPTIND. */
  @Test
  void nameThatBelongsToTheShell_isGivenToEnv() {
    assertThat(EnvironmentScript.prefix(Map.of("UID", "7")))
        .containsExactly("/usr/bin/env", "UID=7");
    assertThat(EnvironmentScript.prefix(Map.of("OPTIND", "x"))).hasSize(2);
    assertThat(EnvironmentScript.script(Map.of("UID", "7", "OPTIND", "x"))).isEmpty();
  }

  @Test
  void impossibleNames_areRefused() {
    for (String name : new String[] {"", "1A", "A B", "A=B", "A\n", "ä", "A;id"}) {
      assertThatThrownBy(() -> EnvironmentScript.requireValid(Map.of(name, "x")))
          .as(name)
          .isInstanceOf(FaasException.class)
          .hasMessageContaining("envVars");
    }
  }

  @Test
  void valueTooLongForTheSystem_isRefusedWithTheReason() {
    assertThatThrownBy(() -> EnvironmentScript.requireValid(Map.of("A", "x".repeat(131_070))))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("envVars.A")
        .hasMessageContaining("131072 bytes");
    assertThatCode(() -> EnvironmentScript.requireValid(Map.of("A", "x".repeat(131_069))))
        .doesNotThrowAnyException();
  }

  @Test
  void tooMuchTogether_isRefused() {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < 11; i++) {
      environment.put("A" + i, "x".repeat(100_000));
    }

    assertThatThrownBy(() -> EnvironmentScript.requireValid(environment))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("together");
  }

  @Test
  void nul_isRefused() {
    assertThatThrownBy(() -> EnvironmentScript.requireValid(Map.of("A", "a\0b")))
        .isInstanceOf(FaasException.class);
  }
}
