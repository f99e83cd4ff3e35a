package dev.barista.gateway.invoke;

import static dev.barista.gateway.invoke.TestPlane.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.http.Answer;
import dev.barista.http.Headers;
import dev.barista.provider.spi.Endpoint;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a call carries to the function and back, and which function it reaches. */
class InvocationTest extends InvocationFixture {

  @Test
  void answerWithoutType_hasThatOfTheRequestElseText() throws Exception {
    plane.deploy(plane.replica(exchange -> exchange.respond(200, Headers.EMPTY, new byte[0])));

    assertThat(plane.get("/function/f"))
        .contains("Content-Type: text/plain\r\n", "X-Served-By: barista/test\r\n");
    assertThat(plane.call("POST", "/function/f", "Content-Type: text/csv\r\n", "a,b"))
        .contains("Content-Type: text/csv\r\n");
    plane.assertAtRest(2);
  }

  @Test
  void callerThatNamesTheGatewaysHeadersInConnection_doesNotTakeThemAway() throws Exception {
    plane.deploy(plane.replica(InvocationFixture::describe));

    String answer =
        plane.call("GET", "/function/f", "Connection: X-Call-Id, X-Forwarded-For\r\n", "");

    assertThat(answer.substring(answer.indexOf("\r\n\r\n")))
        .contains("X-Forwarded-For: 127.0.0.1:", "X-Call-Id: ");
    plane.assertAtRest(1);
  }

  @Test
  void call_isPassedOnWithTheGatewaysHeaders() throws Exception {
    Endpoint replica = plane.replica(InvocationFixture::describe);
    plane.deploy(replica);

    String answer =
        plane.call("PUT", "/function/f.openfaas-fn/a%2Fb?x=%20;&y", "X-A: 1\r\n", "body");

    int port = ((InetSocketAddress) replica.address()).getPort();
    assertThat(answer)
        .startsWith("HTTP/1.1 201 ")
        .contains("X-Own: 1", "X-Start-Time: 1767323045000000006\r\n", "PUT /a%2Fb?x=%20;&y\n")
        .contains("Host: 127.0.0.1:" + port + "\n", "X-Forwarded-Host: gw:1\n", "X-A: 1\n")
        .contains("X-Start-Time: 1767323045000000006\n", "User-Agent: barista-gateway/test\n")
        .containsPattern("X-Forwarded-For: 127.0.0.1:\\d+\n")
        .containsPattern("X-Call-Id: [0-9a-f-]{36}\r\n")
        .endsWith("body");
    plane.assertAtRest(1);
    assertThat(plane.ended(201)).isEqualTo(1);
  }

  @Test
  void clientsOwnHeaders_stay() throws Exception {
    plane.deploy(plane.replica(InvocationFixture::describe));

    String answer =
        plane.call(
            "GET",
            "/function/f",
            "X-Call-Id: mine\r\nX-Forwarded-For: me\r\nX-Forwarded-Host: h\r\nUser-Agent: u\r\n",
            "");

    assertThat(answer)
        .contains("X-Call-Id: mine\r\n", "X-Call-Id: mine\n", "X-Forwarded-For: me\n")
        .contains("X-Forwarded-Host: h\n", "User-Agent: u\n", "GET /?\n");
  }

  @Test
  void unknownAndImpossibleNames_are404AndLeaveNoTrace() throws Exception {
    plane.deploy(plane.replica(OK));
    String before = functionSeries();

    for (String name :
        List.of(
            "g", "F", "f.other", "f.openfaas-fn.x", "", "%66", "f%00", "a".repeat(300), "f;x")) {
      assertThat(plane.get("/function/" + name))
          .as(name)
          .startsWith("HTTP/1.1 404 ")
          .contains("X-Call-Id: ", "unable to find function: ");
    }

    assertThat(functionSeries()).isEqualTo(before);
    assertThat(plane.call("GET", "/function/g", "Accept: application/json\r\n", ""))
        .contains("{\"code\":\"function_not_found\"");
  }

  @Test
  void update_failsNoCallAndDrainsTheOld() throws Exception {
    Slow slow = new Slow("old");
    plane.deploy(plane.replica(slow));
    List<Future<String>> old = callAtOnce(1, () -> plane.get("/function/f"));
    slow.running.await();
    plane
        .provider()
        .withEndpoint(plane.replica(exchange -> exchange.respond(Answer.text(200, "new"))));

    plane.provider().update(FunctionSpec.of(TestPlane.NAME, "image"));

    assertThat(plane.get("/function/f")).endsWith("new");
    assertThat(plane.provider().status(TestPlane.NAME).orElseThrow().replicas()).hasSize(2);
    slow.finish.release();
    assertThat(old.getFirst().get()).endsWith("old");
    patiently()
        .until(() -> plane.provider().status(TestPlane.NAME).orElseThrow().replicas().size() == 1);
    plane.assertAtRest(2);
  }

  @Test
  void otherNamespace_isOnlyFoundByItsSuffix() throws Exception {
    plane.provider().withEndpoint(plane.replica(OK));
    plane.provider().deploy(FunctionSpec.of(new FunctionName("g", "dev"), "image"));

    assertThat(plane.get("/function/g")).startsWith("HTTP/1.1 404 ");
    assertThat(plane.get("/function/g.dev")).endsWith("ok");
  }
}
