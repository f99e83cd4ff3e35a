package dev.barista.server.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Exchange;
import dev.barista.http.ExchangeHandler;
import dev.barista.http.Headers;
import dev.barista.image.CollectedGarbage;
import dev.barista.image.Repositories;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * {@code POST /system/images/prune}: frees now what the cleaner would free in time, and tells what:
 * {@code {"removed":["hello:latest"],"freedBytes":1,"keptBytes":2}}.
 */
record ImagePrune(Repositories repositories) implements ExchangeHandler {

  @Override
  public void handle(Exchange exchange) throws IOException {
    CollectedGarbage garbage = repositories.collect();
    String names = // of the grammar of images: nothing in them needs escaping
        garbage.removed().stream()
            .map(name -> '"' + name.toString() + '"')
            .collect(Collectors.joining(","));
    String json =
        "{\"removed\":["
            + names
            + "],\"freedBytes\":"
            + garbage.freedBytes()
            + ",\"keptBytes\":"
            + garbage.keptBytes()
            + "}\n";
    exchange.respond(200, Headers.of("Content-Type", "application/json"), json.getBytes(UTF_8));
  }
}
