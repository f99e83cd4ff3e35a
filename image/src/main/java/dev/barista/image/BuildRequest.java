package dev.barista.image;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to build.
 *
 * @param reference name of the image
 * @param template its runtime
 * @param handler folder with the function's own files
 * @param fprocess overrides the template's command
 * @param buildOptions names of the template's {@code build_options}
 * @param buildArgs environment of the tools that install dependencies ({@code PIP_INDEX_URL} …)
 * @param copies further folders or files that are copied in beside the handler's, by their name
 */
public record BuildRequest(
    ImageReference reference,
    Template template,
    Path handler,
    Optional<String> fprocess,
    List<String> buildOptions,
    Map<String, String> buildArgs,
    List<Path> copies) {

  public BuildRequest {
    requireNonNull(reference, "reference");
    requireNonNull(template, "template");
    requireNonNull(handler, "handler");
    requireNonNull(fprocess, "fprocess");
    buildOptions = List.copyOf(buildOptions);
    buildArgs = Map.copyOf(buildArgs);
    copies = List.copyOf(copies);
  }

  /** A handler folder on a template, nothing else set. */
  public static BuildRequest of(ImageReference reference, Template template, Path handler) {
    return new BuildRequest(
        reference, template, handler, Optional.empty(), List.of(), Map.of(), List.of());
  }
}
