package dev.barista.server.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.barista.api.FileFault;
import dev.barista.cli.gateway.LocalGateway;
import dev.barista.cli.gateway.ProcessBirth;
import dev.barista.cli.gateway.RunningServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * {@code gateway.json} in the data folder while the gateway runs: {@code {"url":
 * "http://127.0.0.1:8080", "pid": 4711, "born": "…", "secrets": "…"}}, and the entry in the user's
 * list of running servers. The command line on the same machine finds by them whose password
 * belongs to a URL. After a kill they stay; whoever reads them checks the process and its birth.
 */
final class GatewayFile implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(GatewayFile.class.getName());

  private final Path file;
  private final Optional<RunningServers.Entry> entry;

  private GatewayFile(Path file, Optional<RunningServers.Entry> entry) {
    this.file = file;
    this.entry = entry;
  }

  /**
   * @param secrets folder of the password, if there is one
   * @param environment names the user's home
   */
  static GatewayFile write(
      Path folder, String url, Optional<Path> secrets, Map<String, String> environment) {
    Path file = LocalGateway.file(folder);
    try {
      Path partial =
          Files.createTempFile(
              folder,
              "gateway",
              null,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(partial, json(url, secrets).getBytes(UTF_8));
      Files.move(partial, file, ATOMIC_MOVE, REPLACE_EXISTING);
    } catch (IOException e) {
      throw new ServeException(
          file + " can't be written (" + FileFault.reason(file, e) + "): mend the data folder", e);
    }
    return new GatewayFile(file, enter(folder, environment));
  }

  /** By hand: a JSON library is not loaded at the start. */
  private static String json(String url, Optional<Path> secrets) {
    long pid = ProcessHandle.current().pid();
    StringBuilder json = new StringBuilder("{\"url\": " + quoted(url) + ", \"pid\": " + pid);
    ProcessBirth.of(pid).ifPresent(born -> json.append(", \"born\": ").append(quoted(born)));
    secrets.ifPresent(
        path -> json.append(", \"secrets\": ").append(quoted(path.toAbsolutePath().toString())));
    return json.append("}\n").toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** Without it verbs need {@code --data}, which is no reason not to start. */
  private static Optional<RunningServers.Entry> enter(
      Path folder, Map<String, String> environment) {
    try {
      Optional<RunningServers> servers = RunningServers.of(environment);
      return servers.isPresent()
          ? Optional.of(servers.get().enter(folder.toAbsolutePath()))
          : Optional.empty();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the list of running servers can't be written", e);
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
      if (entry.isPresent()) {
        entry.get().close();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, file + " could not be removed", e);
    }
  }
}
