package dev.barista.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cli.CommandLineUser.Result;
import dev.barista.cli.FakeGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvokeCommandTest extends GatewayVerbFixture {

  @Test
  void input_becomesBody_andAnswerOutput() {
    gateway.answers(200, "HI");

    Result result = user.typesWithInput("hi", "invoke", "echo");

    assertThat(result).isEqualTo(new Result(0, "HI", ""));
    FakeGateway.Asked asked = gateway.asked().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo("/function/echo.openfaas-fn");
    assertThat(asked.contentType()).isEqualTo("text/plain");
    assertThat(asked.body()).isEqualTo("hi");
  }

  @Test
  void options_reachTheFunction() {
    gateway.answers(202, "");

    Result result =
        user.typesWithInput(
            "{}",
            "invoke",
            "echo.dev",
            "-m",
            "patch",
            "--content-type",
            "application/json",
            "-H",
            "X-One: 1",
            "-H",
            "Authorization=mine",
            "--query",
            "a=b c",
            "--query",
            "n=1&2");

    assertThat(result.exitCode()).isZero();
    FakeGateway.Asked asked = gateway.asked().getFirst();
    assertThat(asked.method()).isEqualTo("PATCH");
    assertThat(asked.path()).isEqualTo("/function/echo.dev?a=b+c&n=1%262");
    assertThat(asked.contentType()).isEqualTo("application/json");
    assertThat(asked.authorization()).contains("mine");
  }

  @Test
  void failedCall_givesBodyAndSentence() {
    gateway.answers(500, "boom");

    assertThat(user.types("invoke", "echo"))
        .isEqualTo(
            new Result(
                1, "boom", "\nFunction echo.openfaas-fn answered 500 Internal Server Error.\n"));
  }

  @Test
  void login_isNeverSentToFunctions() {
    gateway.answers(200, "[]").answers(200, "");
    user.typesWithInput("secret", "login", "-s");

    user.types("invoke", "echo");

    assertThat(gateway.asked().getLast().authorization()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "invoke|which function? (expected: its name)",
        "invoke ../x|function name: \"../x\" (expected: a-z, 0-9",
        "invoke a%2fb|function name: \"a%2fb\"",
        "invoke a -H broken|-H: \"broken\" (expected: \"NAME: VALUE\")",
        "invoke a --sign X-Sig|--sign and --key belong together",
        "invoke a --query broken|--query: \"broken\" (expected: NAME=VALUE)",
        "invoke a -m GE@T|method: \"GE@T\" (expected: such as GET)",
        "invoke a -g ftp://x|gateway: \"ftp://x\" (expected: such as http://127.0.0.1:8080)",
        "invoke a -g http://me:pw@x|an address with a password in it",
      })
  void wrongInput_isUsageAndNothingIsSent(String line, String sentence) {
    Result result = user.types(line.split(" "));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains(sentence).endsWith("See: barista invoke --help\n");
    assertThat(gateway.asked()).isEmpty();
  }

  /** HMAC of RFC 4231's second case. */
  @Test
  void sign_addsTheDigestOfTheBody() {
    gateway.answers(200, "");

    user.typesWithInput(
        "what do ya want for nothing?",
        "invoke",
        "a",
        "--sign",
        "X-Hub-Signature",
        "--key",
        "Jefe");

    assertThat(gateway.asked().getFirst().header("X-Hub-Signature"))
        .isEqualTo("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assertThat(gateway.asked().getFirst().body()).isEqualTo("what do ya want for nothing?");
  }

  @Test
  void async_isQueued() {
    gateway.answers(202, "").answers(404, "");

    assertThat(user.typesWithInput("x", "invoke", "a", "--async"))
        .isEqualTo(new Result(0, "", "Function submitted asynchronously.\n"));
    assertThat(gateway.asked().getFirst().path()).isEqualTo("/async-function/a.openfaas-fn");
    assertThat(user.typesWithInput("x", "invoke", "a", "-a").err()).contains("has no queue");
  }
}
