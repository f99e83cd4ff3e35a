package dev.barista.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnvironmentTest {

  @Test
  void laterValue_winsWithoutATwin() {
    Environment base = Environment.of(Map.of("A", "1"));

    assertThat(encoded(base.plus(Map.of("B", "2")))).containsExactlyInAnyOrder("A=1", "B=2");
    assertThat(encoded(base.plus(Map.of("A", "2")))).containsExactly("A=2");
    assertThat(encoded(base.plus(Map.of("B", "2")).plus(Map.of("A", "3"))))
        .containsExactlyInAnyOrder("A=3", "B=2");
    assertThat(encoded(base)).containsExactly("A=1");
  }

  @Test
  void without_removesFromEveryPart() {
    Environment both = Environment.of(Map.of("A", "1")).plus(Map.of("B", "2", "C", "3"));

    assertThat(encoded(both.without(Set.of("A", "C")))).containsExactly("B=2");
    assertThat(both.names()).containsExactlyInAnyOrder("A", "B", "C");
    assertThat(both.get("A")).contains("1");
    assertThat(both.get("D")).isEmpty();
  }

  @Test
  void bytes_areKeptAsTheyAre() {
    Environment environment = Environment.empty().plusBytes(Map.of("A", new byte[] {(byte) 0xe9}));

    environment.forEachBlock(
        block -> {
          if (block.starts().length > 0) {
            assertThat(block.bytes()).containsExactly('A', '=', 0xe9, 0);
          }
        });
  }

  @Test
  void namesAndValuesThatCantBe_areRefused() {
    for (String name : List.of("", "A=B", "A\0B")) {
      assertThatThrownBy(() -> Environment.of(Map.of(name, "x")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("environment variable name");
    }
    assertThatThrownBy(() -> Environment.of(Map.of("A", "x\0y"))).hasMessageContaining("A");
  }

  @Test
  void secrets_areNotShown() {
    assertThat(Environment.of(Map.of("PASSWORD", "hunter2"))).hasToString("Environment[PASSWORD]");
  }

  private static List<String> encoded(Environment environment) {
    List<String> entries = new ArrayList<>();
    environment.forEachBlock(
        block -> {
          for (int start : block.starts()) {
            int end = start;
            while (block.bytes()[end] != 0) {
              end++;
            }
            entries.add(new String(block.bytes(), start, end - start, UTF_8));
          }
        });
    return entries;
  }
}
