package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Answer;
import dev.barista.http.Headers;

/** What a call is answered with. */
sealed interface Reply {

  /** What the client gets, or {@link Runner#CLIENT_GONE}. */
  int status();

  /** Everything is in memory. */
  record Whole(Answer answer) implements Reply {
    @Override
    public int status() {
      return answer.status();
    }
  }

  /**
   * Too large for the memory: {@code beginning}, then what {@code rest} holds. The sender closes
   * it.
   */
  record Spooled(int status, Headers headers, String beginning, AnswerSpool rest)
      implements Reply {}

  /** Nobody is there to be answered. */
  record Nobody() implements Reply {
    @Override
    public int status() {
      return Runner.CLIENT_GONE;
    }
  }

  /** A sentence and a line break. */
  static Reply text(int status, String sentence) {
    return new Whole(sentence(status, sentence));
  }

  /** A sentence and a line break. */
  static Answer sentence(int status, String sentence) {
    return new Answer(
        status,
        Headers.of("Content-Type", "text/plain; charset=utf-8"),
        (sentence + "\n").getBytes(UTF_8));
  }
}
