package dev.barista.registry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a path below {@code /v2/} means. Names may contain words such as {@code blobs}, so the end
 * of the path decides. Nothing is checked here but the form: the store checks names and digests.
 */
sealed interface Target {

  /** The API itself. */
  record Version() implements Target {}

  record Blob(String name, String digest) implements Target {}

  /** Where uploads begin. */
  record NewUpload(String name) implements Target {}

  record OpenUpload(String name, String id) implements Target {}

  /**
   * @param reference a tag or a digest
   */
  record Manifest(String name, String reference) implements Target {}

  record Tags(String name) implements Target {}

  record Referrers(String name, String digest) implements Target {}

  Pattern NEW_UPLOAD = Pattern.compile("(.+)/blobs/uploads/?");
  Pattern THREE_PARTS = Pattern.compile("(.+)/blobs/uploads/([^/]+)");
  Pattern TAGS = Pattern.compile("(.+)/tags/list");
  Pattern TWO_PARTS = Pattern.compile("(.+)/(blobs|manifests|referrers)/([^/]+)");

  /**
   * @param rest of the raw path behind {@code /v2/}; a colon may be percent-encoded, and nothing
   *     else of what a name may contain needs to be
   */
  static Optional<Target> parse(String rest) {
    String path = rest.replace("%3A", ":").replace("%3a", ":");
    if (path.isEmpty()) {
      return Optional.of(new Version());
    }
    Matcher matcher = NEW_UPLOAD.matcher(path);
    if (matcher.matches()) {
      return Optional.of(new NewUpload(matcher.group(1)));
    }
    matcher = THREE_PARTS.matcher(path);
    if (matcher.matches()) {
      return Optional.of(new OpenUpload(matcher.group(1), matcher.group(2)));
    }
    matcher = TAGS.matcher(path);
    if (matcher.matches()) {
      return Optional.of(new Tags(matcher.group(1)));
    }
    matcher = TWO_PARTS.matcher(path);
    return matcher.matches()
        ? Optional.of(named(matcher.group(1), matcher.group(2), matcher.group(3)))
        : Optional.empty();
  }

  private static Target named(String name, String kind, String reference) {
    return switch (kind) {
      case "blobs" -> new Blob(name, reference);
      case "manifests" -> new Manifest(name, reference);
      default -> new Referrers(name, reference);
    };
  }
}
