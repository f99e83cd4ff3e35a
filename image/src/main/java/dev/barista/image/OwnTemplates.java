package dev.barista.image;

import static dev.barista.image.BuildRefusal.refused;

import dev.barista.api.FaasException;
import java.nio.file.Path;

/** What a template of a project must have so that it can be built without a container engine. */
final class OwnTemplates {

  private OwnTemplates() {}

  /**
   * @throws FaasException where only its Dockerfile says how it is built
   */
  static void check(Template template) {
    boolean hasDockerfile = template.files().containsKey("Dockerfile");
    if (!hasDockerfile || !template.settings().build().isEmpty() || isUnderstood(template)) {
      return;
    }
    throw needsContainerEngine(template.name());
  }

  /** Python's packages and Java's sources are found without being told; a Dockerfile is its own. */
  private static boolean isUnderstood(Template template) {
    String program = template.settings().program().map(Path::of).map(Folders::name).orElse("");
    boolean runtimeSources =
        template.files().keySet().stream().anyMatch(path -> path.startsWith("runtime/"));
    return program.startsWith("python")
        || (program.equals("java") && runtimeSources)
        || template.name().equals("dockerfile");
  }

  static FaasException needsContainerEngine(String name) {
    String instead =
        BuiltInTemplates.names().contains(name)
            ? "remove the folder, then the built-in " + name + " runs in its place"
            : TemplateAliases.of(name)
                .map(
                    alias ->
                        "remove the folder, then the built-in "
                            + alias.template()
                            + " runs in its place")
                .orElse("choose a built-in template (barista new --list)");
    return refused(
        "template/"
            + name
            + " is built by its Dockerfile only, which needs a container engine: "
            + instead
            + ", or add a build list to its template.yml");
  }
}
