package dev.barista.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void line_hasNoControlCharacter() {
    assertThat(Printable.line("\u001b[2Ja\tb\r\nc\u007f\u009bd é ☕ 😀"))
        .isEqualTo("?[2Ja?b??c??d é ☕ 😀");
  }

  @Test
  void lineWithTabs_keepsTabsOnly() {
    assertThat(Printable.lineWithTabs("a\tb\u001b\n")).isEqualTo("a\tb??");
  }

  @Test
  void lines_stayLines() {
    assertThat(Printable.lines("a\r\n\tb\u001b\n\nc")).isEqualTo("a\n\tb?\n\nc");
    assertThat(Printable.lines("")).isEmpty();
  }

  @Test
  void head_endsAfterHundredCharacters() {
    assertThat(Printable.head("x".repeat(100))).isEqualTo("x".repeat(100));
    assertThat(Printable.head("\n" + "x".repeat(100))).isEqualTo("?" + "x".repeat(99) + "…");
  }

  @Test
  void quoted_isTheHeadInQuotationMarks() {
    assertThat(Printable.quoted("a\u0007")).isEqualTo("\"a?\"");
    assertThat(Printable.quoted("x".repeat(101))).isEqualTo('"' + "x".repeat(100) + "…\"");
  }
}
