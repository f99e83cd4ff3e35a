package dev.barista.provider.process;

import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.provider.spi.FunctionStore;
import dev.barista.provider.spi.SecretStore;
import dev.barista.watchdog.WatchdogLaunch;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** A data folder with images, and providers on it. */
final class TestHost {

  static final String WORKING = "working:1";
  static final String CHANGED = "changed:1";
  static final String FAILING = "failing:1";
  static final String TCP = "tcp:1";
  static final String UTILITY = "utility:1";
  static final String EMPTY = "empty:1";

  final Path data;
  final TestImages images;

  TestHost(Path folder) throws IOException {
    data = Files.createDirectories(folder.resolve("data"));
    images =
        new TestImages(Files.createDirectories(data.resolve("images")))
            .add(WORKING, "server", /* listensOnSocket= */ true, server())
            .add(CHANGED, "server", /* listensOnSocket= */ true, server())
            .add(EMPTY, "server", /* listensOnSocket= */ true, Map.of("mode", "http"))
            .add(UTILITY, "server", /* listensOnSocket= */ false, Map.of())
            .add(TCP, "server", /* listensOnSocket= */ false, server())
            .add(
                FAILING,
                "server",
                /* listensOnSocket= */ true,
                Map.of("mode", "http", "fprocess", "sh fail.sh"));
  }

  private static Map<String, String> server() {
    return Map.of("mode", "http", "fprocess", "python3 -S server.py");
  }

  ProcessProviderConfig config(IsolationRequest isolation) {
    Path java = Path.of(System.getProperty("java.home"));
    List<String> arguments = WatchdogLaunch.arguments("", Optional.empty());
    List<Path> classPath =
        Stream.of(System.getProperty("java.class.path").split(":"))
            .map(Path::of)
            .filter(Files::exists)
            .toList();
    WatchdogLauncher watchdog =
        new WatchdogLauncher(
            java.resolve("bin/java"),
            java,
            classPath,
            arguments.subList(0, arguments.indexOf("-cp")),
            Optional.empty());
    return ProcessProviderConfig.of(data, watchdog, () -> "http://127.0.0.1:8080")
        .withIsolation(isolation);
  }

  ProcessProvider open(IsolationRequest isolation, FunctionStore store, SecretStore secrets)
      throws IOException {
    return ProcessProvider.open(config(isolation), store, secrets, images);
  }

  /** Of all files below a folder; one that is rotated away meanwhile counts nothing. */
  static long bytes(Path folder) throws IOException {
    LongAdder sum = new LongAdder();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            sum.add(attributes.size());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException cause) {
            return FileVisitResult.CONTINUE;
          }
        });
    return sum.sum();
  }
}
