package dev.barista.cli.build;

import dev.barista.cli.CliException;
import dev.barista.cli.stack.StackFunction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Names images after what they are built from, as {@code --tag} asks: the commit ({@code
 * me/hello:latest-1a2b3c4}), branch and commit, {@code git describe}, or the content of the
 * handler. The same scheme gives the same name to build, push and deploy.
 */
public final class ImageTags {

  private static final int GIT_SECONDS = 30;
  private static final int DIGEST_LETTERS = 12;
  private static final int MAX_TAG = 128;

  private final String scheme;
  private final Map<String, String> environment;

  /**
   * @param scheme one of {@link #schemes}
   */
  public ImageTags(String scheme, Map<String, String> environment) {
    this.scheme = scheme;
    this.environment = Map.copyOf(environment);
  }

  /** The words for {@code --tag}; the first changes nothing. */
  public static List<String> schemes() {
    return List.of("latest", "sha", "branch", "describe", "digest");
  }

  /** The function with its image named by the scheme. */
  public StackFunction apply(StackFunction function) {
    String suffix =
        switch (scheme) {
          case "sha" -> commit(function);
          case "branch" ->
              git(function, "rev-parse", "--abbrev-ref", "HEAD") + "-" + commit(function);
          case "describe" -> git(function, "describe", "--tags", "--always");
          case "digest" -> digest(function);
          default -> "";
        };
    return suffix.isEmpty() ? function : function.withImage(named(function.image(), suffix));
  }

  private String named(String image, String suffix) {
    if (image.contains("@")) {
      throw CliException.usage("--tag: " + image + " is named by its digest already");
    }
    int slash = image.lastIndexOf('/');
    int colon = image.lastIndexOf(':');
    String tagged = colon > slash ? image : image + ":latest";
    String name = tagged + "-" + suffix.replaceAll("[^A-Za-z0-9._-]", "-");
    if (name.length() - name.lastIndexOf(':') > MAX_TAG) {
      throw CliException.usage("--tag " + scheme + ": the tag of " + name + " is too long");
    }
    return name;
  }

  private String commit(StackFunction function) {
    return git(function, "rev-parse", "--short", "HEAD");
  }

  private String git(StackFunction function, String... arguments) {
    try {
      return new Git(function.folder(), environment).run(GIT_SECONDS, arguments);
    } catch (CliException e) {
      throw CliException.failed("--tag " + scheme + ": " + e.getMessage());
    }
  }

  private static String digest(StackFunction function) {
    Path handler =
        function
            .handler()
            .orElseThrow(
                () -> CliException.usage("--tag digest: " + function.name() + " has no handler"));
    try (Stream<Path> files = Files.walk(handler)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files.sorted().toList()) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          add(digest, handler.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
          add(digest, Files.readAllBytes(file));
        }
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, DIGEST_LETTERS);
    } catch (IOException e) {
      throw CliException.failed("--tag digest: " + handler + " can't be read (" + e + ")");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, byte[] part) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
    digest.update(part);
  }
}
