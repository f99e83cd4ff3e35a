package dev.barista.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownStackTest {

  private final List<String> ended = new ArrayList<>();
  private final ShutdownStack stack = new ShutdownStack();

  @Test
  void parts_endInReverseOrderAndOnce() {
    stack.add("first", () -> ended.add("first"));
    stack.add("second", () -> ended.add("second"));

    stack.close();
    stack.close();

    assertThat(ended).containsExactly("second", "first");
  }

  @Test
  void partThatFails_doesNotKeepTheOthersFromEnding() {
    stack.add("first", () -> ended.add("first"));
    stack.add(
        "second",
        () -> {
          throw new IOException("on purpose, for the log");
        });

    stack.close();

    assertThat(ended).containsExactly("first");
  }

  @Test
  void partThatComesTooLate_endsAtOnce() {
    stack.close();

    stack.add("late", () -> ended.add("late"));

    assertThat(ended).containsExactly("late");
  }
}
