package dev.barista.image;

import dev.barista.image.RegistryTransport.Answer;
import dev.barista.image.RegistryTransport.Body;
import dev.barista.image.RegistryTransport.Call;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One repository of another registry, for pushes. Thread-safe, blocking. */
final class RemoteRepository {

  /** A blob up to this size goes in one request; larger ones in parts that can be resumed. */
  private static final long CHUNK_BYTES = 16L << 20;

  private static final int MOST_RESUMPTIONS = 3;
  private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");

  private final RemoteRegistry registry;
  private final String root;
  private final String scope;

  RemoteRepository(RemoteRegistry registry, String name) {
    this.registry = registry;
    this.root = "/v2/" + name;
    this.scope = "repository:" + name + ":pull,push";
  }

  /** Whether that name has that manifest there. */
  boolean has(String version, String digest) throws IOException {
    URI uri = registry.resolve(root + "/manifests/" + version);
    try (Answer answer =
        registry.send(Call.of("HEAD", uri).with("Accept", ManifestDocument.ACCEPTED), scope)) {
      return answer.status() == 200
          && answer.header("docker-content-digest").filter(digest::equals).isPresent();
    }
  }

  void putManifest(String version, String mediaType, byte[] content) throws IOException {
    URI uri = registry.resolve(root + "/manifests/" + version);
    try (Answer answer =
        registry.send(
            Call.of("PUT", uri).with("Content-Type", mediaType).with(new Body.Bytes(content)),
            scope)) {
      if (answer.status() != 201) {
        throw registry.unexpected("the manifest", answer);
      }
    }
  }

  /**
   * Sends a blob unless it is there, or in another repository.
   *
   * @return bytes sent
   */
  long putBlob(Descriptor blob, Path file, TransferListener listener) throws IOException {
    Progress progress = new Progress(blob, listener);
    if (hasBlob(blob.digest())) {
      listener.known(blob.digest(), blob.size());
      return 0;
    }
    Optional<URI> upload = mountOrBegin(blob.digest());
    if (upload.isEmpty()) {
      listener.known(blob.digest(), blob.size());
      return 0;
    }
    new BlobSender(blob, file, progress).send(upload.get());
    progress.done();
    return blob.size();
  }

  private boolean hasBlob(String digest) throws IOException {
    URI uri = registry.resolve(root + "/blobs/" + digest);
    try (Answer answer = registry.send(Call.of("HEAD", uri), scope)) {
      return switch (answer.status()) {
        case 200 -> true;
        case 404 -> false;
        default -> throw registry.unexpected("a question for a blob", answer);
      };
    }
  }

  /** Empty when the registry had the content elsewhere. */
  private Optional<URI> mountOrBegin(String digest) throws IOException {
    URI uri = registry.resolve(root + "/blobs/uploads/?mount=" + digest);
    try (Answer answer = registry.send(Call.of("POST", uri), scope)) {
      return switch (answer.status()) {
        case 201 -> Optional.empty();
        case 202 -> Optional.of(location(answer));
        default -> throw registry.unexpected("an upload", answer);
      };
    }
  }

  private URI location(Answer answer) {
    return registry.resolve(
        answer
            .header("location")
            .orElseThrow(() -> registry.failed("begins an upload without saying where")));
  }

  /** One blob on its way. */
  private final class BlobSender {

    private final Descriptor blob;
    private final Path file;
    private final Progress progress;

    // Mutable state
    private long sent;

    private BlobSender(Descriptor blob, Path file, Progress progress) {
      this.blob = blob;
      this.file = file;
      this.progress = progress;
    }

    private void send(URI upload) throws IOException {
      URI next = upload;
      int resumptions = 0;
      while (blob.size() - sent > CHUNK_BYTES) {
        try {
          next = chunk(next);
        } catch (IOException e) {
          resumptions++;
          if (resumptions > MOST_RESUMPTIONS) {
            throw e;
          }
          next = resume(next, e);
        }
      }
      finish(next);
    }

    private URI chunk(URI upload) throws IOException {
      long end = sent + CHUNK_BYTES;
      Call call =
          Call.of("PATCH", upload)
              .with("Content-Type", "application/octet-stream")
              .with("Content-Range", sent + "-" + (end - 1))
              .with(part(CHUNK_BYTES));
      try (Answer answer = registry.send(call, scope)) {
        if (answer.status() != 202) {
          throw registry.unexpected("a part of a blob", answer);
        }
        sent = end;
        return location(answer);
      }
    }

    /** What a status of {@code 0-0} means, nothing or one byte, nobody knows: it isn't resumed. */
    private URI resume(URI upload, IOException broken) throws IOException {
      try (Answer answer = registry.send(Call.of("GET", upload), scope)) {
        Matcher range = RANGE.matcher(answer.header("range").orElse(""));
        if (answer.status() != 204 || !range.matches() || range.group(1).equals("0")) {
          throw broken;
        }
        sent = Long.parseLong(range.group(1)) + 1;
        progress.at(sent);
        return answer.header("location").isPresent() ? location(answer) : upload;
      }
    }

    /** The last part, or all of a small blob, together with the digest. */
    private void finish(URI upload) throws IOException {
      String query = "digest=" + URLEncoder.encode(blob.digest(), StandardCharsets.UTF_8);
      String address = upload.toString();
      URI uri = registry.resolve(address + (address.indexOf('?') < 0 ? '?' : '&') + query);
      Call call =
          Call.of("PUT", uri)
              .with("Content-Type", "application/octet-stream")
              .with(part(blob.size() - sent));
      if (sent > 0) {
        call = call.with("Content-Range", sent + "-" + (blob.size() - 1));
      }
      try (Answer answer = registry.send(call, scope)) {
        if (answer.status() != 201) {
          throw registry.unexpected("a blob", answer);
        }
      }
    }

    private Body part(long length) {
      long from = sent;
      return new Body.FilePart(file, from, length, bytes -> progress.at(from + bytes));
    }
  }

  /** Tells the listener of one blob. */
  private record Progress(Descriptor blob, TransferListener listener) {
    void at(long bytes) {
      listener.progress(blob.digest(), Math.min(bytes, blob.size() - 1), blob.size());
    }

    void done() {
      listener.progress(blob.digest(), blob.size(), blob.size());
    }
  }
}
