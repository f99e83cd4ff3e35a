package dev.barista.state;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Keeps SQLite's native library unpacked. Left alone the driver unpacks its 1.2 MB into the
 * temporary folder at every start, which costs 80 ms and leaves a file behind after a kill.
 */
final class NativeLibrary {

  private NativeLibrary() {}

  /**
   * Unpacks the library once per driver version and tells the driver where it is. A library that
   * can't be loaded from there is no failure: the driver then does what it always did.
   */
  static void prepare(Path cacheFolder) throws IOException {
    if (System.getProperty("org.sqlite.lib.path") == null) {
      unpacked(cacheFolder)
          .ifPresent(
              folder ->
                  System.setProperty("org.sqlite.lib.path", folder.toAbsolutePath().toString()));
    }
  }

  /** The folder with this machine's library; empty = the driver has none for it. */
  static Optional<Path> unpacked(Path cacheFolder) throws IOException {
    Path folder =
        cacheFolder.resolve(
            "sqlite-" + SQLiteJDBCLoader.getVersion() + "-" + System.getProperty("os.arch"));
    Path library = folder.resolve(System.mapLibraryName("sqlitejdbc"));
    return Files.exists(library) || unpack(library) ? Optional.of(folder) : Optional.empty();
  }

  private static boolean unpack(Path library) throws IOException {
    String resource =
        LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
    try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        return false;
      }
      Files.createDirectories(library.getParent());
      Path partial = Files.createTempFile(library.getParent(), "partial", null);
      Files.copy(in, partial, REPLACE_EXISTING);
      Files.move(partial, library, ATOMIC_MOVE, REPLACE_EXISTING);
      return true;
    }
  }
}
