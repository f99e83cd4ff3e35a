package dev.barista.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionSetTest {

  private final OptionSet options = new OptionSet("do WORD", "Does it.", /* mostWords= */ 2);
  private final Option.Text file = options.text("FILE", "A file.", "-f", "--yaml");
  private final Option.Texts env = options.texts("K=V", "Variables.", "-e", "--env");
  private final Option.Flag verbose = options.flag("More.", "-v", "--verbose");
  private final Option.Flag quiet = options.flag("Less.", "-q", "--quiet");
  private final Option.Flag update = options.flagUnlessFalse("Update.", "--update");
  private final Option.Choice sort = options.choice(List.of("name", "age"), "Order.", "--sort");
  private final Option.Count parallel = options.count(1, 1, 16, "At once.", "--parallel");

  @Test
  void nothingGiven_leavesDefaults() {
    options.parse(List.of());

    assertThat(file.value()).isEmpty();
    assertThat(env.values()).isEmpty();
    assertThat(verbose.on()).isFalse();
    assertThat(update.on()).isTrue();
    assertThat(sort.value()).isEqualTo("name");
    assertThat(parallel.value()).isEqualTo(1);
    assertThat(options.words()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"-f x.yml", "-fx.yml", "-f=x.yml", "--yaml x.yml", "--yaml=x.yml", "-vfx.yml"})
  void value_maybeWrittenInEveryForm(String arguments) {
    options.parse(List.of(arguments.split(" ")));

    assertThat(file.value()).contains("x.yml");
  }

  @Test
  void mixedArguments_areSorted() {
    options.parse(List.of("a", "-vq", "-e", "A=1", "--env=B=2=3", "--update=false", "--", "-f"));

    assertThat(options.words()).containsExactly("a", "-f");
    assertThat(verbose.on()).isTrue();
    assertThat(quiet.on()).isTrue();
    assertThat(update.on()).isFalse();
    assertThat(env.values()).containsExactly("A=1", "B=2=3");
    assertThat(file.given()).isFalse();
  }

  @Test
  void lastValue_counts() {
    options.parse(List.of("-f", "a", "--yaml", "b", "--sort", "age", "--parallel", "4"));

    assertThat(file.value()).contains("b");
    assertThat(sort.value()).isEqualTo("age");
    assertThat(parallel.value()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--yml x|there is no option --yml; did you mean --yaml?",
        "--nonsense|there is no option --nonsense",
        "-x|there is no option -x; did you mean -f?",
        "-vx|there is no option -vx; did you mean -v?",
        "-f|-f: no value (expected: FILE)",
        "--sort size|--sort: \"size\" (expected: name, age)",
        "--parallel 0|--parallel: \"0\" (expected: 1 to 16)",
        "--parallel many|--parallel: \"many\" (expected: 1 to 16)",
        "--verbose=perhaps|--verbose: \"perhaps\" (expected: true or false)",
        "a b c|\"c\" is a word too many (expected: barista do WORD)",
      })
  void wrongArguments_areToldInOneSentence(String arguments, String sentence) {
    assertThatThrownBy(() -> options.parse(List.of(arguments.split(" ")))).hasMessage(sentence);
  }

  @Test
  void help_showsEveryOption() {
    assertThat(options.help())
        .isEqualTo(
            """
            Usage: barista do WORD [OPTIONS]
            Does it.

              -f, --yaml FILE                 A file.
              -e, --env K=V                   Variables.
              -v, --verbose                   More.
              -q, --quiet                     Less.
                  --update                    Update.
                  --sort name|age             Order.
                  --parallel N                At once.
            """);
  }
}
