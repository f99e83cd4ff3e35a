package dev.barista.cli.push;

import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.http.HttpCall;
import dev.barista.cli.http.RequestBody;
import dev.barista.image.RegistryTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Lets the image store speak to registries. */
public record HttpTransport(Sender sender) implements RegistryTransport {

  /** Longest silence of a registry. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  /** What sends a call as it stands. */
  @FunctionalInterface
  public interface Sender {
    HttpAnswer send(HttpCall call) throws IOException;
  }

  @Override
  public Answer send(Call call) throws IOException {
    HttpCall http = HttpCall.of(call.method(), call.uri(), ANSWER_TIMEOUT);
    for (Map.Entry<String, String> header : call.headers().entrySet()) {
      http = http.withHeader(header.getKey(), header.getValue());
    }
    HttpAnswer answer = sender.send(http.withBody(body(call.body())));
    Map<String, String> headers = new HashMap<>();
    for (HttpCall.Header header : answer.headers()) {
      headers.putIfAbsent(header.name().toLowerCase(Locale.ROOT), header.value());
    }
    return new Answer(answer.status(), headers, answer.body());
  }

  private static RequestBody body(Body body) {
    return switch (body) {
      case Body.None _ -> new RequestBody.None();
      case Body.Bytes(byte[] bytes) -> new RequestBody.Bytes(bytes);
      case Body.FilePart part ->
          new RequestBody.FilePart(part.file(), part.from(), part.length(), part.sent());
    };
  }
}
