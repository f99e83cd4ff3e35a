package dev.barista.gateway.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionSpec;
import dev.barista.provider.spi.InvocationPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallRulesTest {

  private static InvocationPolicy maxInflight(int count) {
    return new InvocationPolicy(Duration.ZERO, count, /* durationHeader= */ false);
  }

  @Test
  void nothingGiven_isNoLimitAndAStartFromZero() {
    assertThat(CallRules.of(Annotated.spec(Map.of()), maxInflight(0)))
        .isEqualTo(new CallRules(0, OptionalInt.empty(), /* scaleFromZero= */ true));
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "5, 0, 5", "0, 5, 5", "2, 5, 2", "5, 2, 2", "1000, 0, 1000"})
  void limit_isTheSmallerOfThoseGiven(String annotation, int own, int limit) {
    FunctionSpec spec = Annotated.spec(Map.of(CallRules.LIMIT, annotation));
    assertThat(CallRules.of(spec, maxInflight(own)).limit()).isEqualTo(limit);
  }

  @Test
  void queueSize_isTenForEachCallThatMayRun_orWhatIsGiven() {
    CallRules standard = CallRules.of(Annotated.spec(Map.of(CallRules.LIMIT, "3")), maxInflight(0));
    assertThat(standard.queueSize(0)).isEqualTo(30);
    assertThat(standard.queueSize(4)).isEqualTo(120);
    assertThat(standard.queueSize(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    assertThat(standard.refusesAtLimit()).isFalse();

    CallRules given =
        CallRules.of(Annotated.spec(Map.of(CallRules.QUEUE_SIZE, "7")), maxInflight(1));
    assertThat(given.queueSize(4)).isEqualTo(7);
    assertThat(CallRules.of(Annotated.spec(Map.of(CallRules.QUEUE_SIZE, "0")), maxInflight(1)))
        .returns(true, CallRules::refusesAtLimit);
  }

  @ParameterizedTest
  @CsvSource({
    "barista.dev/container-concurrency, 1001, 0 to 1000",
    "barista.dev/container-concurrency, -1, 0 to 1000",
    "barista.dev/container-concurrency, 1.5, 0 to 1000",
    "barista.dev/queue-size, -1, 0 to 1000000",
    "barista.dev/queue-size, many, 0 to 1000000",
    "barista.dev/scale-from-zero, no, true or false"
  })
  void wrongAnnotation_isRefusedWithItsRange(String name, String value, String range) {
    FunctionSpec wrong = Annotated.spec(Map.of(name, value));

    assertThatThrownBy(() -> CallRules.check(wrong))
        .isInstanceOfSatisfying(
            FaasException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining(name)
        .hasMessageContaining(value)
        .hasMessageContaining(range);
    assertThat(CallRules.ofStored(wrong, maxInflight(2)))
        .isEqualTo(new CallRules(2, OptionalInt.empty(), /* scaleFromZero= */ true));
  }

  @ParameterizedTest
  @CsvSource({"true, true", "1, true", "false, false", "0, false"})
  void scaleFromZero_isAFlag(String text, boolean held) {
    FunctionSpec spec = Annotated.spec(Map.of(CallRules.SCALE_FROM_ZERO, text));
    assertThat(CallRules.of(spec, maxInflight(0)).scaleFromZero()).isEqualTo(held);
  }
}
