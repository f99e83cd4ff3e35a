package dev.barista.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleBoundsTest {

  @Test
  void noLabel_givesTheDefaults() {
    assertThat(ScaleBounds.of(labelled(Map.of()))).isEqualTo(new ScaleBounds(1, 20));
    assertThat(ScaleBounds.givesMin(labelled(Map.of()))).isFalse();
  }

  @Test
  void labels_areRead() {
    FunctionSpec spec = labelled(Map.of(ScaleBounds.MIN_LABEL, "2", ScaleBounds.MAX_LABEL, "5"));

    assertThat(ScaleBounds.of(spec)).isEqualTo(new ScaleBounds(2, 5));
    assertThat(ScaleBounds.givesMin(spec)).isTrue();
  }

  @Test
  void zero_countsAsNotGiven() {
    FunctionSpec spec = labelled(Map.of(ScaleBounds.MIN_LABEL, "0"));

    assertThat(ScaleBounds.of(spec)).isEqualTo(new ScaleBounds(1, 20));
    assertThat(ScaleBounds.givesMin(spec)).isFalse();
  }

  @Test
  void minAboveTheDefaultMax_raisesMax() {
    assertThat(ScaleBounds.of(labelled(Map.of(ScaleBounds.MIN_LABEL, "30"))))
        .isEqualTo(new ScaleBounds(30, 30));
  }

  @Test
  void maxBelowMin_isRefused() {
    FunctionSpec spec = labelled(Map.of(ScaleBounds.MIN_LABEL, "3", ScaleBounds.MAX_LABEL, "2"));

    assertThatThrownBy(() -> ScaleBounds.of(spec))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining(ScaleBounds.MAX_LABEL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two", "-1", "1.5", "99999999999", " 1"})
  void textThatIsNoCount_isRefusedWithTheLabel(String text) {
    FunctionSpec spec = labelled(Map.of(ScaleBounds.MIN_LABEL, text));

    assertThatThrownBy(() -> ScaleBounds.of(spec))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("labels." + ScaleBounds.MIN_LABEL)
        .hasMessageContaining('"' + text + '"');
  }

  private static FunctionSpec labelled(Map<String, String> labels) {
    return new FunctionSpec(
        FunctionName.parse("fn"),
        "image",
        Optional.empty(),
        Map.of(),
        List.of(),
        List.of(),
        labels,
        Map.of(),
        Resources.NONE,
        Resources.NONE,
        /* readOnlyRootFilesystem= */ false);
  }
}
