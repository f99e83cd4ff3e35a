package dev.barista.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.http.ExchangeHandler;
import dev.barista.http.Headers;
import dev.barista.image.RegistryException;
import dev.barista.image.RegistryException.Code;
import dev.barista.image.Repositories;
import java.io.IOException;
import java.util.Optional;

/**
 * The handler of {@code /v2/*}. Whether the client may is decided before, by the route table. Blobs
 * stream both ways; only manifests, at most 4 MiB, are held whole. Thread-safe.
 */
public final class RegistryApi implements ExchangeHandler {

  private static final String VERSION_HEADER = "Docker-Distribution-API-Version";

  private final BlobRoutes blobs;
  private final UploadRoutes uploads;
  private final ManifestRoutes manifests;

  public RegistryApi(Repositories repositories) {
    this.blobs = new BlobRoutes(repositories);
    this.uploads = new UploadRoutes(repositories);
    this.manifests = new ManifestRoutes(repositories);
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    Optional<Target> target = Target.parse(exchange.remainder());
    if (target.isEmpty()) {
      throw new RegistryException(
          Code.NAME_UNKNOWN, "the distribution API has no such path below /v2/");
    }
    switch (target.get()) {
      case Target.Version _ -> version(exchange);
      case Target.Blob blob -> blobs.handle(exchange, blob);
      case Target.NewUpload(String name) -> uploads.begin(exchange, name);
      case Target.OpenUpload upload -> uploads.handle(exchange, upload);
      case Target.Manifest manifest -> manifests.handle(exchange, manifest);
      case Target.Tags(String name) -> manifests.tags(exchange, name);
      case Target.Referrers(String name, String digest) ->
          manifests.referrers(exchange, name, digest);
    }
  }

  private static void version(Exchange exchange) throws IOException {
    switch (exchange.method()) {
      case "GET", "HEAD" ->
          exchange.respond(
              200,
              Headers.of(VERSION_HEADER, "registry/2.0", "Content-Type", "application/json"),
              "{}".getBytes(UTF_8));
      default -> throw otherMethod(exchange);
    }
  }

  static RegistryException otherMethod(Exchange exchange) {
    return new RegistryException(
        Code.UNSUPPORTED,
        "this path does not take the method " + exchange.method().replaceAll("[^A-Za-z]", "?"));
  }

  /** Of stored content: clients check the digest, and no browser runs what somebody has pushed. */
  static Headers contentHeaders(String digest, String mediaType) {
    return Headers.of(
        "Docker-Content-Digest",
        digest,
        "Content-Type",
        mediaType,
        "X-Content-Type-Options",
        "nosniff",
        "ETag",
        '"' + digest + '"');
  }

  /** An answer to HEAD, or to GET where a body follows. */
  static void respondWithLength(Exchange exchange, int status, Headers headers, long length)
      throws IOException {
    exchange.respond(status, headers.with("Content-Length", Long.toString(length))).close();
  }

  static Answer accepted() {
    return Answer.empty(202);
  }
}
