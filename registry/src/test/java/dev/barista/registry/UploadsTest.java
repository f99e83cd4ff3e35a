package dev.barista.registry;

import static dev.barista.registry.RunningRegistry.LIMITS;
import static dev.barista.registry.RunningRegistry.digest;
import static dev.barista.registry.RunningRegistry.header;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that break off: the connection, the process. */
@Timeout(60)
class UploadsTest {

  private static final byte[] BLOB = new byte[3 << 20];

  static {
    new Random(1).nextBytes(BLOB);
  }

  @TempDir Path folder;

  @Test
  void upload_goesOnAfterARestart() throws Exception {
    String upload;
    try (RunningRegistry before = new RunningRegistry(folder, LIMITS)) {
      upload = before.upload("app");
      before.patch(upload, "0-1048575", Arrays.copyOf(BLOB, 1 << 20));
    }
    try (RunningRegistry after = new RunningRegistry(folder, LIMITS)) {
      assertThat(header(after.get(upload), "Range")).isEqualTo("0-1048575");
      after.patch(upload, "1048576-3145727", Arrays.copyOfRange(BLOB, 1 << 20, BLOB.length));
      HttpResponse<String> done = after.put(upload + "?digest=" + digest(BLOB), new byte[0]);

      assertThat(done.statusCode()).isEqualTo(201);
      assertThat(after.download(RunningRegistry.location(done)).body()).isEqualTo(BLOB);
      assertThat(after.repositories.uploads()).isZero();
    }
    try (Stream<Path> left = Files.list(folder.resolve("images/uploads"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void brokenConnection_keepsWhatArrived_andTheRestFollows() throws Exception {
    try (RunningRegistry registry = new RunningRegistry(folder, LIMITS)) {
      String upload = registry.upload("app");
      breakOff(registry, upload);

      String range = header(registry.get(upload), "Range");
      long size = Long.parseLong(range.substring(2)) + 1;
      byte[] rest = Arrays.copyOfRange(BLOB, (int) size, BLOB.length);
      registry.patch(upload, size + "-" + (BLOB.length - 1), rest);
      HttpResponse<String> done = registry.put(upload + "?digest=" + digest(BLOB), new byte[0]);

      assertThat(size).isPositive().isLessThan(BLOB.length);
      assertThat(done.statusCode()).as(done.body()).isEqualTo(201);
      assertThat(registry.repositories.uploads()).isZero();
    }
  }

  /** Announces all and sends half. */
  private static void breakOff(RunningRegistry registry, String upload) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
      OutputStream out = socket.getOutputStream();
      String head =
          "PATCH "
              + upload
              + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic c2VjcmV0\r\nContent-Length: "
              + BLOB.length
              + "\r\n\r\n";
      out.write(head.getBytes(ISO_8859_1));
      out.write(BLOB, 0, BLOB.length / 2);
      out.flush();
      awaitBeginning(registry, upload);
    }
  }

  /** Else the status could be asked for before the broken request is looked at. */
  private static void awaitBeginning(RunningRegistry registry, String upload) {
    String id = upload.substring(upload.lastIndexOf('/') + 1);
    while (registry.repositories.upload("app", id).size() == 0) {
      Thread.onSpinWait();
    }
  }
}
