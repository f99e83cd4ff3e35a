package dev.barista.registry;

import static dev.barista.registry.RunningRegistry.LIMITS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import dev.barista.image.ImagePusher;
import dev.barista.image.ImageReference;
import dev.barista.image.ImageStore;
import dev.barista.image.PushedImage;
import dev.barista.image.RegistryTransport;
import dev.barista.image.RegistryTransport.Body;
import dev.barista.image.RemoteRegistry;
import dev.barista.image.Repositories;
import dev.barista.image.RepositoryLimits;
import dev.barista.image.TransferListener;
import dev.barista.image.Upload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images pushed from one store to another, over a connection that may break. */
@Timeout(60)
class PushTest {

  private static final RepositoryLimits WIDE =
      new RepositoryLimits(64L << 20, 8, Duration.ofHours(1), 256L << 20);
  private static final Optional<String> LOGIN = Optional.of("Basic c2VjcmV0");
  private static final ImageReference IMAGE = ImageReference.parse("team/app:1");

  @TempDir Path folder;

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger breakAt = new AtomicInteger(-1);

  private RunningRegistry there;
  private ImageStore here;
  private Repositories own;

  @BeforeEach
  void start() throws Exception {
    there = new RunningRegistry(folder.resolve("there"), WIDE);
    here = ImageStore.open(folder.resolve("here"));
    own = here.repositories(WIDE, Set::of);
  }

  @AfterEach
  void stop() {
    assertThat(there.repositories.uploads()).isZero();
    there.close();
  }

  @Test
  void onlyWhatIsMissing_goesOver() throws Exception {
    save("1", "shared".getBytes(UTF_8), "own 1".getBytes(UTF_8));

    PushedImage first = push();
    assertThat(first.blobs()).isEqualTo(3);
    assertThat(first.sentBlobs()).isEqualTo(3);
    assertThat(there.get("/v2/team/app/manifests/1").statusCode()).isEqualTo(200);

    calls.clear();
    PushedImage again = push();
    assertThat(again.sentBlobs()).isZero();
    assertThat(calls).containsExactly("HEAD /v2/team/app/manifests/1");

    save("1", "shared".getBytes(UTF_8), "own 2".getBytes(UTF_8));
    PushedImage changed = push();
    assertThat(changed.sentBlobs()).isEqualTo(1);
    assertThat(changed.sentBytes()).isEqualTo("own 2".length());
  }

  @Test
  void layersOfAnotherRepository_areMounted() throws Exception {
    save("1", "shared".getBytes(UTF_8), "own".getBytes(UTF_8));
    push();

    PushedImage other =
        new ImagePusher(here, 1, TransferListener.NONE).push(IMAGE, "elsewhere/app", registry());

    assertThat(other.sentBlobs()).isZero();
    assertThat(there.get("/v2/elsewhere/app/manifests/1").statusCode()).isEqualTo(200);
  }

  @Test
  void largeLayer_goesInChunks_andOnAfterTheConnectionBroke() throws Exception {
    byte[] large = new byte[(40 << 20) + 7];
    new Random(1).nextBytes(large);
    save("1", large, new byte[0]);
    breakAt.set(2);

    PushedImage pushed = push();

    assertThat(pushed.sentBytes()).isGreaterThan(large.length);
    assertThat(calls).filteredOn(call -> call.startsWith("PATCH")).hasSize(3);
    assertThat(there.download("/v2/team/app/blobs/" + RunningRegistry.digest(large)).body())
        .isEqualTo(large);
  }

  @Test
  void wrongPassword_orImageThatIsntHere_isTold() throws Exception {
    save("1", new byte[1], new byte[2]);
    RemoteRegistry refused =
        RemoteRegistry.gateway(there.url("/"), Optional.of("Basic eDp5"), this::send);

    assertThatThrownBy(
            () -> new ImagePusher(here, 2, TransferListener.NONE).push(IMAGE, "app", refused))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("status 401 (the login was refused)");
    assertThatThrownBy(
            () ->
                new ImagePusher(here, 2, TransferListener.NONE)
                    .push(ImageReference.parse("ghost"), "ghost", registry()))
        .hasMessageContaining("image ghost:latest isn't in this host's store");
  }

  @Test
  void refusalOfTheRegistry_isToldInItsWords() throws Exception {
    save("1", new byte[(int) LIMITS.blobBytes() + 1], new byte[2]);
    try (RunningRegistry small = new RunningRegistry(folder.resolve("small"), LIMITS)) {
      RemoteRegistry registry = RemoteRegistry.gateway(small.url("/"), LOGIN, this::send);

      assertThatThrownBy(
              () -> new ImagePusher(here, 1, TransferListener.NONE).push(IMAGE, "app", registry))
          .isInstanceOf(FaasException.class)
          .hasMessageContaining("refused a blob with status 413: the blob is larger than");
    }
  }

  private PushedImage push() throws IOException {
    return new ImagePusher(here, 3, TransferListener.NONE).push(IMAGE, "team/app", registry());
  }

  private RemoteRegistry registry() {
    return RemoteRegistry.gateway(there.url("/"), LOGIN, this::send);
  }

  /** Over a plain socket; one PATCH, counted, breaks off after a part of it. */
  private RegistryTransport.Answer send(RegistryTransport.Call call) throws IOException {
    calls.add(call.method() + " " + call.uri().getRawPath());
    URI uri = call.uri();
    byte[] body = body(call.body());
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    StringBuilder head = new StringBuilder();
    head.append(call.method()).append(' ').append(uri.getRawPath()).append(query);
    head.append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    call.headers().forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    boolean broken = call.method().equals("PATCH") && breakAt.decrementAndGet() == 0;
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.getOutputStream().write(head.toString().getBytes(UTF_8));
      socket.getOutputStream().write(body, 0, broken ? body.length / 2 : body.length);
      socket.getOutputStream().flush();
      if (broken) {
        throw new IOException("the connection broke");
      }
      return answer(socket.getInputStream().readAllBytes(), call.method());
    }
  }

  private static byte[] body(Body body) throws IOException {
    return switch (body) {
      case Body.None _ -> new byte[0];
      case Body.Bytes(byte[] bytes) -> bytes;
      case Body.FilePart part -> {
        byte[] bytes = new byte[(int) part.length()];
        try (RandomAccessFile file = new RandomAccessFile(part.file().toFile(), "r")) {
          file.seek(part.from());
          file.readFully(bytes);
        }
        part.sent().accept(part.length());
        yield bytes;
      }
    };
  }

  private static RegistryTransport.Answer answer(byte[] bytes, String method) throws IOException {
    InputStream in = new ByteArrayInputStream(bytes);
    String status = line(in);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new RegistryTransport.Answer(
        Integer.parseInt(status.substring(9, 12)),
        headers,
        method.equals("HEAD") ? InputStream.nullInputStream() : in);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
      line.write(c);
    }
    return line.toString(UTF_8).strip();
  }

  /** An image of two layers in the store of this side. */
  private void save(String tag, byte[] one, byte[] two) throws IOException {
    byte[] config = "{}".getBytes(UTF_8);
    for (byte[] blob : List.of(one, two, config)) {
      Upload upload = own.startUpload("team/app");
      upload.append(-1, blob.length, new ByteArrayInputStream(blob));
      upload.finish(RunningRegistry.digest(blob));
    }
    String manifest =
        "{\"schemaVersion\":2,\"config\":"
            + descriptor(config)
            + ",\"layers\":["
            + descriptor(one)
            + ","
            + descriptor(two)
            + "]}";
    own.putManifest("team/app", tag, RunningRegistry.MANIFEST, manifest.getBytes(UTF_8));
  }

  private static String descriptor(byte[] blob) {
    return RunningRegistry.descriptor("a/b", RunningRegistry.digest(blob), blob.length);
  }
}
