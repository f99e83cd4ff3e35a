package dev.barista.server.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * {@code gateway.json} in the data folder while the gateway runs: {@code {"url":
 * "http://127.0.0.1:8080", "pid": 4711}}. The command line on the same machine finds by it that the
 * password of this folder belongs to that URL. After a kill it stays; whoever reads it checks the
 * process id.
 */
final class GatewayFile implements AutoCloseable {

  private final Path file;

  private GatewayFile(Path file) {
    this.file = file;
  }

  static GatewayFile write(Path folder, String url) {
    Path file = folder.resolve("gateway.json");
    String json = "{\"url\": \"" + url + "\", \"pid\": " + ProcessHandle.current().pid() + "}\n";
    try {
      Path partial =
          Files.createTempFile(
              folder,
              "gateway",
              null,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(partial, json.getBytes(UTF_8));
      Files.move(partial, file, ATOMIC_MOVE, REPLACE_EXISTING);
    } catch (IOException e) {
      throw new ServeException(file + " can't be written (" + e + "): mend the data folder", e);
    }
    return new GatewayFile(file);
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.getLogger(GatewayFile.class.getName())
          .log(System.Logger.Level.WARNING, file + " could not be removed", e);
    }
  }
}
