package dev.barista.cli.build;

import dev.barista.cli.CliException;
import dev.barista.cli.json.Json;
import dev.barista.image.Folders;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Copies the templates of a git repository, the folders below its {@code template/}, into that of a
 * project. A file {@code meta.json} in each tells where it is from, as faas-cli writes it. Links
 * are copied as text, so none leads out; size and number of files are bounded.
 */
public final class GitTemplates {

  private static final int CLONE_SECONDS = 180;
  private static final int GIT_SECONDS = 30;
  private static final long MAX_BYTES = 64L << 20;
  private static final int MAX_FILES = 10_000;

  private final Path project;
  private final Map<String, String> environment;

  /**
   * @param project gets the folder {@code template}
   */
  public GitTemplates(Path project, Map<String, String> environment) {
    this.project = project;
    this.environment = Map.copyOf(environment);
  }

  /**
   * What a pull did.
   *
   * @param written templates that are there now
   * @param kept templates that were there before, and were left as they are
   */
  public record Pulled(List<String> written, List<String> kept) {}

  /**
   * @param address of the repository, with {@code #BRANCH} or {@code #TAG} perhaps
   * @param names templates to take; all when empty
   */
  public Pulled pull(String address, List<String> names, boolean overwrite) throws IOException {
    int hash = address.lastIndexOf('#');
    String url = hash < 0 ? address : address.substring(0, hash);
    String reference = hash < 0 ? "" : address.substring(hash + 1);
    refuseOptions(address, url, reference);
    Path clone = Files.createTempDirectory("barista-template");
    try {
      Git git = new Git(clone, environment);
      List<String> arguments = new ArrayList<>(List.of("clone", "--quiet", "--depth=1"));
      arguments.addAll(List.of("--template=", "--no-recurse-submodules"));
      if (!reference.isEmpty()) {
        arguments.add("--branch=" + reference);
      }
      arguments.addAll(List.of("--", url, "repository"));
      git.run(CLONE_SECONDS, arguments.toArray(String[]::new));
      Path repository = clone.resolve("repository");
      String sha = new Git(repository, environment).run(GIT_SECONDS, "rev-parse", "HEAD");
      Meta meta = new Meta(url, reference, sha, Instant.now().truncatedTo(ChronoUnit.SECONDS));
      return copy(address, repository.resolve("template"), names, overwrite, meta);
    } finally {
      Folders.delete(clone);
    }
  }

  /** Where a template is from. */
  private record Meta(String repository, String reference, String sha, Instant at) {

    Map<String, Object> json() {
      return Map.of(
          "repository", repository, "ref_name", reference, "sha", sha, "written_at", at.toString());
    }
  }

  /** Git takes what begins with a dash for an option, and {@code ext::} for a command. */
  private static void refuseOptions(String address, String url, String reference) {
    if (url.isEmpty() || url.startsWith("-") || url.contains("::") || reference.startsWith("-")) {
      throw CliException.usage(
          "\"" + address + "\" (expected: the address of a git repository, with #BRANCH perhaps)");
    }
  }

  private Pulled copy(
      String address, Path templates, List<String> names, boolean overwrite, Meta meta)
      throws IOException {
    List<String> written = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    for (String name : found(address, templates)) {
      Path target = project.resolve("template").resolve(name);
      if (!names.isEmpty() && !names.contains(name)) {
        continue;
      }
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !overwrite) {
        kept.add(name);
        continue;
      }
      requireModest(address, templates.resolve(name));
      Folders.delete(target);
      Folders.copy(templates.resolve(name), target);
      Files.writeString(target.resolve("meta.json"), Json.indented(meta.json()) + "\n");
      written.add(name);
    }
    if (written.isEmpty() && kept.isEmpty()) {
      throw CliException.failed(
          address
              + " has no template "
              + String.join(", ", names)
              + " (it has: "
              + String.join(", ", found(address, templates))
              + ")");
    }
    return new Pulled(written, kept);
  }

  private static List<String> found(String address, Path templates) throws IOException {
    if (!Files.isDirectory(templates, LinkOption.NOFOLLOW_LINKS)) {
      throw CliException.failed(address + " has no folder template/");
    }
    try (Stream<Path> folders = Files.list(templates)) {
      return folders
          .filter(folder -> Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))
          .map(folder -> String.valueOf(folder.getFileName()))
          .sorted()
          .toList();
    }
  }

  private static void requireModest(String address, Path template) throws IOException {
    long[] sum = new long[2];
    Files.walkFileTree(
        template,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            sum[0] += attributes.size();
            sum[1]++;
            return FileVisitResult.CONTINUE;
          }
        });
    if (sum[0] > MAX_BYTES || sum[1] > MAX_FILES) {
      throw CliException.failed(
          address
              + ": template "
              + template.getFileName()
              + " is larger than 64 MiB or 10000 files");
    }
  }
}
