package dev.barista.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The main job: one command starts the platform, and the functions of the seeds answer. */
@ExtendWith(SharedBarista.class)
class SamplesIT {

  private final Barista barista;

  SamplesIT(Barista barista) {
    this.barista = barista;
  }

  @Test
  void readyLine_isTheLastOneOfTheStart() {
    assertThat(barista.output()).anyMatch(line -> line.contains("Barista ready on http://"));
  }

  @Test
  void floatOperation_answersItsLatency() {
    HttpResponse<String> answer = barista.invoke("float-operation", "10000");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().strip()).matches("latency: [0-9.e-]+");
    assertThat(answer.headers().firstValue("X-Call-Id")).isPresent();
    assertThat(answer.headers().firstValue("X-Start-Time")).isPresent();
    assertThat(answer.headers().firstValue("X-Duration-Seconds")).isPresent();
  }

  @Test
  void matmul_answersSeconds() {
    HttpResponse<String> answer = barista.invoke("matmul", "{\"n\": 20}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(Double.parseDouble(answer.body().strip())).isNotNegative();
  }

  @Test
  void helloPython_answers() {
    assertThat(barista.invoke("hello-python", "Ada").body()).contains("Ada");
  }

  @Test
  void echo_answersWhatItGot_underBothNames() {
    assertThat(barista.invoke("echo-fn", "hi hi").body().strip()).isEqualTo("hi hi");
    assertThat(barista.invoke("echo-fn.openfaas-fn", "hi hi").body().strip()).isEqualTo("hi hi");
  }

  @Test
  void env_showsTheFunctionsOwnEnvironmentOnly() {
    String environment = barista.invoke("env", "").body();

    assertThat(environment)
        .contains("OPENFAAS_NAME=env")
        .contains("OPENFAAS_NAMESPACE=openfaas-fn")
        .contains("Http_Method=POST")
        .doesNotContain("JAVA_HOME")
        .doesNotContain("BARISTA_CALLS_CGROUP_FDS");
  }

  @Test
  void primes_answersTheThreeMethods() {
    HttpResponse<String> answer =
        barista.send(barista.request("/function/primes?in=10000&nap=0&processes=5"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("Method A calculated the highest prime below 10000 as 9973")
        .contains("Method B napped for 0 seconds")
        .containsPattern("Method C calculated pi as [23]\\.\\d+ using 5 processes");
  }
}
