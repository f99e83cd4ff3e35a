package dev.barista.registry;

import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.image.RegistryException;
import dev.barista.image.RegistryException.Code;
import dev.barista.image.Repositories;
import dev.barista.image.Upload;
import java.io.IOException;
import java.util.Optional;

/** {@code NAME/blobs/uploads/}: blobs in one piece, in two requests, or chunk by chunk. */
final class UploadRoutes {

  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;
  private static final int NO_CONTENT = 204;

  private final Repositories repositories;

  UploadRoutes(Repositories repositories) {
    this.repositories = repositories;
  }

  /** {@code POST}: begins an upload, is one whole, or mounts a blob from elsewhere. */
  void begin(Exchange exchange, String name) throws IOException {
    if (!exchange.method().equals("POST")) {
      throw RegistryApi.otherMethod(exchange);
    }
    Optional<String> mount = exchange.query("mount");
    if (mount.isPresent() && repositories.mount(name, mount.get(), exchange.query("from"))) {
      exchange.respond(stored(name, mount.get()));
      return;
    }
    Optional<String> digest = exchange.query("digest");
    Upload upload = repositories.startUpload(name);
    if (digest.isEmpty()) {
      exchange.respond(state(ACCEPTED, name, upload));
      return;
    }
    boolean done = false;
    try {
      append(exchange, upload);
      upload.finish(digest.get());
      done = true;
    } finally {
      if (!done) {
        cancel(upload);
      }
    }
    exchange.respond(stored(name, digest.get()));
  }

  void handle(Exchange exchange, Target.OpenUpload target) throws IOException {
    Upload upload = repositories.upload(target.name(), target.id());
    switch (exchange.method()) {
      case "GET" -> exchange.respond(state(NO_CONTENT, target.name(), upload));
      case "PATCH" -> patch(exchange, target, upload);
      case "PUT" -> put(exchange, target, upload);
      case "DELETE" -> {
        upload.cancel();
        exchange.respond(Answer.empty(NO_CONTENT));
      }
      default -> throw RegistryApi.otherMethod(exchange);
    }
  }

  private static void patch(Exchange exchange, Target.OpenUpload target, Upload upload)
      throws IOException {
    if (took(exchange, target, upload)) {
      exchange.respond(state(ACCEPTED, target.name(), upload));
    }
  }

  private static void put(Exchange exchange, Target.OpenUpload target, Upload upload)
      throws IOException {
    String digest =
        exchange
            .query("digest")
            .orElseThrow(
                () ->
                    new RegistryException(
                        Code.DIGEST_INVALID,
                        "?digest= is missing (expected: the digest of the whole blob)"));
    if (took(exchange, target, upload)) {
      upload.finish(digest);
      exchange.respond(stored(target.name(), digest));
    }
  }

  /** Appends the body; one that doesn't follow what is there is answered with where that ends. */
  private static boolean took(Exchange exchange, Target.OpenUpload target, Upload upload)
      throws IOException {
    try {
      append(exchange, upload);
      return true;
    } catch (RegistryException e) {
      if (e.status() != 416) {
        throw e;
      }
      exchange.respond(withState(RegistryErrors.answer(e), target.name(), upload));
      return false;
    }
  }

  private static void append(Exchange exchange, Upload upload) throws IOException {
    ContentRange range = ContentRange.of(exchange.head());
    upload.append(range.from(), range.length(), exchange.body());
  }

  private static void cancel(Upload upload) throws IOException {
    try {
      upload.cancel();
    } catch (RegistryException e) {
      // It has ended by itself: a wrong digest.
      return;
    }
  }

  private static Answer stored(String name, String digest) {
    return Answer.empty(CREATED)
        .with("Location", "/v2/" + name + "/blobs/" + digest)
        .with("Docker-Content-Digest", digest);
  }

  private static Answer state(int status, String name, Upload upload) throws IOException {
    return withState(Answer.empty(status), name, upload);
  }

  /** Nothing yet is {@code 0-0}, as in Docker's registry: the grammar knows no empty range. */
  private static Answer withState(Answer answer, String name, Upload upload) throws IOException {
    return answer
        .with("Location", "/v2/" + name + "/blobs/uploads/" + upload.id())
        .with("Range", "0-" + Math.max(0, upload.settledSize() - 1))
        .with("Docker-Upload-UUID", upload.id());
  }
}
