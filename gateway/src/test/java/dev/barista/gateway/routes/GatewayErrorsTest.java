package dev.barista.gateway.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.gateway.errors.ErrorAnswers;
import dev.barista.gateway.system.JsonBodies;
import dev.barista.http.Answer;
import dev.barista.http.HttpException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GatewayErrorsTest {

  private final GatewayErrors errors =
      new GatewayErrors(
          new ErrorAnswers(JsonBodies.sharedMapper()), Map.of("maxBodyBytes", "--max-body"));

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void everyCode_hasItsStatusAndSentence(ErrorCode code) {
    Answer answer =
        errors.answer(
            null, "id-1", new FaasException(code, "provider", "it failed", "--setting", null));

    assertThat(answer.status()).isEqualTo(code.status());
    String end = code == ErrorCode.UNAUTHORIZED ? "" : "\n";
    assertThat(text(answer)).isEqualTo("it failed [--setting]" + end);
    assertThat(answer.headers().first("X-Barista-Error")).contains(code.code());
    assertThat(answer.headers().first("X-Call-Id")).contains("id-1");
  }

  @ParameterizedTest
  @EnumSource(HttpException.Kind.class)
  void everyRefusalOfTheListener_keepsItsStatus(HttpException.Kind kind) {
    Answer answer = errors.answer(null, "id-1", new HttpException(kind, "refused"));

    assertThat(answer.status()).isEqualTo(kind.status());
    assertThat(text(answer)).isEqualTo("refused\n");
  }

  @Test
  void listenersSetting_isToldByItsOption() {
    HttpException refusal =
        new HttpException(HttpException.Kind.BODY_TOO_LARGE, "too much", "maxBodyBytes");

    assertThat(text(errors.answer(null, "id-1", refusal))).isEqualTo("too much [--max-body]\n");
  }

  @Test
  void unknownFailure_tellsTheCallIdAndNothingElse() {
    Answer answer =
        errors.answer(null, "id-1", new IllegalStateException("password of /secret/path"));

    assertThat(answer.status()).isEqualTo(500);
    assertThat(text(answer)).contains("id-1").doesNotContain("password").doesNotContain("Illegal");
  }

  private static String text(Answer answer) {
    return new String(answer.body(), UTF_8);
  }
}
