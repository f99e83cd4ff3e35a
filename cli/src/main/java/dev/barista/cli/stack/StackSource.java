package dev.barista.cli.stack;

import dev.barista.cli.http.HttpClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where a stack file comes from, and with it the files that it names. */
sealed interface StackSource {

  int MAX_BYTES = 1 << 20;

  /** How messages name it. */
  String shown();

  /** Absolute; the relative paths of handlers start here. */
  Path folder();

  /**
   * The whole text.
   *
   * @throws StackException when it can't be read
   */
  String text();

  /** A file that it names in {@code environment_file}. */
  StackSource beside(String name);

  /** Whether paths out of {@link #folder} are refused: a stranger wrote it. */
  boolean foreign();

  /** A file of this machine. */
  record OnDisk(Path file) implements StackSource {

    @Override
    public String shown() {
      return file.toString();
    }

    @Override
    public Path folder() {
      Path parent = file.toAbsolutePath().normalize().getParent();
      return parent == null ? Path.of("/") : parent;
    }

    @Override
    public String text() {
      try {
        if (Files.size(file) > MAX_BYTES) {
          throw new StackException(file + ": longer than 1 MiB (expected: a stack file)");
        }
        return Files.readString(file);
      } catch (NoSuchFileException e) {
        throw new StackException(file + ": no such file");
      } catch (CharacterCodingException e) {
        throw new StackException(file + ": not UTF-8 text");
      } catch (IOException e) {
        throw new StackException(file + ": can't be read (" + e.getMessage() + ")");
      }
    }

    @Override
    public StackSource beside(String name) {
      return new OnDisk(folder().resolve(name));
    }

    @Override
    public boolean foreign() {
      return false;
    }
  }

  /**
   * A file of the net. What it names as {@code environment_file} is fetched from the same origin,
   * never read from this machine's disk.
   */
  record Remote(URI uri, Path folder, HttpClient client) implements StackSource {

    @Override
    public String shown() {
      return uri.toString();
    }

    @Override
    public String text() {
      return new Download(client, MAX_BYTES).text(uri);
    }

    @Override
    public StackSource beside(String name) {
      URI other;
      try {
        other = uri.resolve(name);
      } catch (IllegalArgumentException e) {
        throw new StackException(uri + ": environment_file \"" + name + "\" is no address");
      }
      if (!Download.sameOrigin(uri, other)) {
        throw new StackException(
            other + ": of another server than " + uri + ", so it is not fetched");
      }
      return new Remote(other, folder, client);
    }

    @Override
    public boolean foreign() {
      return true;
    }
  }
}
