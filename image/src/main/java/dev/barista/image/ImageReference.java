package dev.barista.image;

import static java.util.Objects.requireNonNull;

import dev.barista.api.FaasException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of an image in one normal form, so that {@code hello}, {@code hello:latest} and {@code
 * docker.io/library/hello} are one image.
 *
 * @param repository registry (unless it is Docker Hub) and path, lower case
 * @param version {@code :TAG} or {@code @sha256:HEX}
 */
public record ImageReference(String repository, String version) {

  private static final String WORD = "[a-z0-9]+(?:(?:\\.|__|_|-+)[a-z0-9]+)*";
  private static final String HOST = "[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]{1,5})?";
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "(?<repository>(?:"
              + HOST
              + "/)?"
              + WORD
              + "(?:/"
              + WORD
              + ")*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?"
              + "(?:@(?<digest>sha256:[0-9a-f]{64}))?");
  private static final int LONGEST = 500;

  public ImageReference {
    requireNonNull(repository, "repository");
    requireNonNull(version, "version");
  }

  /**
   * Reads what a user wrote. A digest wins over a tag beside it.
   *
   * @throws FaasException BAD_REQUEST that names the field {@code image}
   */
  public static ImageReference parse(String text) {
    Matcher matcher = GRAMMAR.matcher(text);
    if (text.length() > LONGEST || !matcher.matches()) {
      throw FaasException.badField("image", text, "[registry/]name[:tag], name in lower case");
    }
    String digest = matcher.group("digest");
    String tag = matcher.group("tag");
    return new ImageReference(
        withoutHub(matcher.group("repository")),
        digest != null ? '@' + digest : ':' + (tag == null ? "latest" : tag));
  }

  private static String withoutHub(String repository) {
    String path = repository;
    for (String hub : new String[] {"index.docker.io/", "docker.io/", "library/"}) {
      if (path.startsWith(hub)) {
        path = path.substring(hub.length());
      }
    }
    return path;
  }

  /** The registry that it names: a first part with a dot or a port, or {@code localhost}. */
  public Optional<String> registry() {
    int slash = repository.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    String first = repository.substring(0, slash);
    boolean host = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
    return host ? Optional.of(first) : Optional.empty();
  }

  /** The repository without its registry. */
  public String path() {
    return registry().isPresent() ? repository.substring(repository.indexOf('/') + 1) : repository;
  }

  /** The same without its registry. */
  public ImageReference withoutRegistry() {
    return parse(path() + version);
  }

  /** Whether it names content rather than a tag. */
  public boolean isDigest() {
    return version.startsWith("@");
  }

  /** The digest, {@code sha256:HEX}, or the tag without its colon. */
  public String bareVersion() {
    return version.substring(1);
  }

  @Override
  public String toString() {
    return repository + version;
  }
}
