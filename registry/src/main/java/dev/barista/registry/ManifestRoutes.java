package dev.barista.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.http.Headers;
import dev.barista.http.HttpException;
import dev.barista.image.RegistryException;
import dev.barista.image.RegistryException.Code;
import dev.barista.image.Repositories;
import dev.barista.image.Repositories.PushedManifest;
import dev.barista.image.Repositories.StoredManifest;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** {@code NAME/manifests/REFERENCE}, {@code NAME/tags/list}, {@code NAME/referrers/DIGEST}. */
final class ManifestRoutes {

  /** What the specification asks registries to take at least. */
  private static final int LARGEST = 4 << 20;

  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final int MOST_TAGS = 10_000;

  /** Each may be parsed to ten times its size. */
  private static final int PUT_TOGETHER = 4;

  private static final long PATIENCE_SECONDS = 30;

  private final Repositories repositories;
  private final Semaphore puts = new Semaphore(PUT_TOGETHER, /* fair= */ true);

  ManifestRoutes(Repositories repositories) {
    this.repositories = repositories;
  }

  void handle(Exchange exchange, Target.Manifest target) throws IOException {
    switch (exchange.method()) {
      case "HEAD" -> {
        StoredManifest manifest = manifest(target);
        RegistryApi.respondWithLength(exchange, 200, headers(manifest), manifest.content().length);
      }
      case "GET" -> {
        StoredManifest manifest = manifest(target);
        exchange.respond(200, headers(manifest), manifest.content());
      }
      case "PUT" -> putInTurn(exchange, target);
      case "DELETE" -> {
        repositories.deleteManifest(target.name(), target.reference());
        exchange.respond(RegistryApi.accepted());
      }
      default -> throw RegistryApi.otherMethod(exchange);
    }
  }

  private StoredManifest manifest(Target.Manifest target) throws IOException {
    return repositories
        .manifest(target.name(), target.reference())
        .orElseThrow(
            () ->
                new RegistryException(
                    Code.MANIFEST_UNKNOWN, "this repository has no manifest of that name"));
  }

  private static Headers headers(StoredManifest manifest) {
    return RegistryApi.contentHeaders(manifest.digest(), manifest.mediaType());
  }

  private void putInTurn(Exchange exchange, Target.Manifest target) throws IOException {
    try {
      if (!puts.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new RegistryException(
            Code.TOOMANYREQUESTS, "too many manifests are pushed at once: try again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting", e);
    }
    try {
      put(exchange, target);
    } finally {
      puts.release();
    }
  }

  private void put(Exchange exchange, Target.Manifest target) throws IOException {
    String type = exchange.head().header("Content-Type").orElse("");
    int parameters = type.indexOf(';');
    PushedManifest pushed =
        repositories.putManifest(
            target.name(),
            target.reference(),
            (parameters < 0 ? type : type.substring(0, parameters)).strip(),
            body(exchange));
    Answer answer =
        Answer.empty(201)
            .with("Location", "/v2/" + target.name() + "/manifests/" + pushed.digest())
            .with("Docker-Content-Digest", pushed.digest());
    Optional<String> subject = pushed.subject();
    exchange.respond(subject.isPresent() ? answer.with("OCI-Subject", subject.get()) : answer);
  }

  private static byte[] body(Exchange exchange) throws IOException {
    try {
      return exchange.body(LARGEST);
    } catch (HttpException e) {
      throw new RegistryException(
          Code.SIZE_INVALID, 413, "the manifest is larger than " + LARGEST + " bytes");
    }
  }

  /** {@code ?n=} most tags, {@code ?last=} the one before the first. */
  void tags(Exchange exchange, String name) throws IOException {
    requireGet(exchange);
    List<String> all =
        repositories
            .tags(name)
            .orElseThrow(
                () -> new RegistryException(Code.NAME_UNKNOWN, "there is no repository " + name));
    int most = exchange.query("n").map(ManifestRoutes::count).orElse(MOST_TAGS);
    String last = exchange.query("last").orElse("");
    List<String> rest = all.stream().filter(tag -> tag.compareTo(last) > 0).toList();
    List<String> page = rest.subList(0, Math.min(most, rest.size()));
    Headers headers = Headers.of("Content-Type", "application/json");
    if (page.size() < rest.size() && !page.isEmpty()) {
      String next = URLEncoder.encode(page.getLast(), UTF_8);
      headers =
          headers.with(
              "Link",
              "</v2/" + name + "/tags/list?n=" + most + "&last=" + next + ">; rel=\"next\"");
    }
    exchange.respond(200, headers, tagList(name, page).getBytes(UTF_8));
  }

  private static String tagList(String name, List<String> tags) {
    return "{\"name\":"
        + RegistryErrors.quoted(name)
        + ",\"tags\":["
        + tags.stream().map(RegistryErrors::quoted).collect(Collectors.joining(","))
        + "]}";
  }

  private static int count(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw new RegistryException(
          Code.UNSUPPORTED, 400, "n: not a number (expected: how many tags at most)");
    }
    return Math.min(Integer.parseInt(text), MOST_TAGS);
  }

  void referrers(Exchange exchange, String name, String digest) throws IOException {
    requireGet(exchange);
    Optional<String> type = exchange.query("artifactType").filter(text -> !text.isEmpty());
    byte[] index = repositories.referrers(name, digest, type);
    Headers headers = Headers.of("Content-Type", INDEX);
    exchange.respond(
        200,
        type.isPresent() ? headers.with("OCI-Filters-Applied", "artifactType") : headers,
        index);
  }

  private static void requireGet(Exchange exchange) {
    if (!exchange.method().equals("GET")) {
      throw RegistryApi.otherMethod(exchange);
    }
  }
}
