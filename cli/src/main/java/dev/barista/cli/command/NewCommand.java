package dev.barista.cli.command;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.Resources;
import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.image.Template;
import dev.barista.image.TemplateFile;
import dev.barista.image.Templates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code barista new}: a folder with a handler, and a stack file beside it. Overwrites nothing. */
@Command(description = "Create a function from a template.", sortOptions = false)
final class NewCommand extends GatewayCommand {

  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Of the function.")
  private @Nullable String name;

  @Option(names = "--lang", paramLabel = "TEMPLATE", description = "See --list.")
  private @Nullable String language;

  @Option(names = "--list", description = "List the templates.")
  private boolean list;

  @Option(
      names = {"-p", "--prefix"},
      paramLabel = "PREFIX",
      description = "Registry and owner before the image's name; else OPENFAAS_PREFIX.")
  private @Nullable String prefix;

  @Option(
      names = {"-a", "--append"},
      paramLabel = "FILE",
      description = "Add to that stack file instead of writing a new one.")
  private @Nullable String append;

  @Option(names = "--handler", paramLabel = "FOLDER", description = "Folder to create; else NAME.")
  private @Nullable String handler;

  @Option(names = "--memory-limit", paramLabel = "SIZE", description = "Such as 128Mi.")
  private @Nullable String memoryLimit;

  @Option(names = "--cpu-limit", paramLabel = "CORES", description = "Such as 100m.")
  private @Nullable String cpuLimit;

  @Option(names = "--memory-request", paramLabel = "SIZE", description = "Such as 64Mi.")
  private @Nullable String memoryRequest;

  @Option(names = "--cpu-request", paramLabel = "CORES", description = "Such as 50m.")
  private @Nullable String cpuRequest;

  NewCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    Templates templates = new Templates(terminal.folder());
    if (list) {
      out.println("Languages available as templates:");
      templates.names().forEach(template -> out.println("- " + template));
      return ExitCode.OK;
    }
    String checked = checkedName();
    Template template = templates.find(checkedLanguage(templates));
    String folderName = handler == null ? checked : handler;
    StackFileWriter stack = stackFile(checked);
    String text = stack.textWith(checked, lines(checked, folderName, template));

    Path folder = terminal.folder().resolve(folderName).normalize();
    if (Files.exists(folder)) {
      throw CliException.failed("Folder: " + folderName + " already exists");
    }
    Files.createDirectories(folder);
    out.println("Folder: " + folderName + " created.");
    for (Map.Entry<String, TemplateFile> file : template.skeleton().entrySet()) {
      write(folder.resolve(file.getKey()), file.getValue());
    }
    stack.write(text);
    out.println();
    out.println("Function created in folder: " + folderName);
    out.println("Stack file " + (append == null ? "written: " : "updated: ") + stack);
    tellWelcome(template);
    return ExitCode.OK;
  }

  private String checkedName() {
    if (name == null) {
      throw CliException.usage("the name is missing (expected: barista new NAME --lang TEMPLATE)");
    }
    try {
      return new FunctionName(name, namespace().orElse(FunctionName.DEFAULT_NAMESPACE)).name();
    } catch (FaasException e) {
      throw CliException.usage(badName(name));
    }
  }

  private String checkedLanguage(Templates templates) throws IOException {
    if (language == null) {
      throw CliException.usage(
          "--lang is missing (expected: one of " + String.join(", ", templates.names()) + ")");
    }
    return language;
  }

  private StackFileWriter stackFile(String functionName) {
    return append == null
        ? StackFileWriter.create(terminal.folder(), functionName + ".yml")
        : StackFileWriter.append(terminal.folder(), append);
  }

  /** The function's entry, each line indented relative to its name. */
  private String lines(String functionName, String folderName, Template template) {
    String owner =
        prefix == null ? terminal.environment().getOrDefault("OPENFAAS_PREFIX", "") : prefix;
    String image = (owner.isEmpty() ? "" : owner + "/") + functionName + ":latest";
    StringBuilder lines = new StringBuilder();
    lines.append("lang: ").append(template.name()).append('\n');
    lines.append("handler: ./").append(folderName).append('\n');
    lines.append("image: ").append(image).append('\n');
    namespace().ifPresent(space -> lines.append("namespace: ").append(space).append('\n'));
    resources(lines, "limits", memoryLimit, cpuLimit);
    resources(lines, "requests", memoryRequest, cpuRequest);
    return lines.toString();
  }

  private static void resources(
      StringBuilder lines, String key, @Nullable String memory, @Nullable String cpu) {
    try {
      Resources resources = Resources.of(key, memory, cpu);
      if (!resources.none()) {
        lines.append(key).append(":\n");
        resources.memory().ifPresent(text -> lines.append("  memory: ").append(text).append('\n'));
        resources.cpu().ifPresent(text -> lines.append("  cpu: ").append(text).append('\n'));
      }
    } catch (FaasException e) {
      throw CliException.usage(e.getMessage());
    }
  }

  private static void write(Path path, TemplateFile file) throws IOException {
    Path folder = path.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.write(path, file.content(), StandardOpenOption.CREATE_NEW);
    if (file.executable()) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private void tellWelcome(Template template) {
    String message = template.settings().welcomeMessage().strip();
    if (!message.isEmpty()) {
      out.println();
      out.println(message);
    }
  }
}
