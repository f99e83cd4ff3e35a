package dev.barista.cli.command;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.Resources;
import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.json.Json;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import dev.barista.image.Template;
import dev.barista.image.Templates;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code barista new}: a folder with a handler, and a stack file beside it. Overwrites nothing. */
final class NewCommand extends GatewayCommand {

  private final Option.Text language = options.text("TEMPLATE", "See --list.", "--lang");

  private final Option.Flag list = options.flag("List the templates.", "--list");

  private final Option.Text prefix =
      options.text(
          "PREFIX",
          "Registry and owner before the image's name; else OPENFAAS_PREFIX.",
          "-p",
          "--prefix");

  private final Option.Text append =
      options.text(
          "FILE", "Add to that stack file instead of writing a new one.", "-a", "--append");

  private final Option.Text handler =
      options.text("FOLDER", "Folder to create; else NAME.", "--handler");

  private final Option.Text memoryLimit = options.text("SIZE", "Such as 128Mi.", "--memory-limit");

  private final Option.Text cpuLimit = options.text("CORES", "Such as 100m.", "--cpu-limit");

  private final Option.Text memoryRequest =
      options.text("SIZE", "Such as 64Mi.", "--memory-request");

  private final Option.Text cpuRequest = options.text("CORES", "Such as 50m.", "--cpu-request");

  private final Option.Choice format =
      options.choice(List.of("table", "json"), "Form of the output.", "-o", "--output");

  NewCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "new NAME --lang TEMPLATE", "Create a function from a template.", /* mostWords= */ 1));
  }

  @Override
  int run() throws IOException {
    Templates templates = new Templates(terminal.folder());
    if (list.on()) {
      return list(templates);
    }
    String checked = checkedName();
    Template template = templates.find(checkedLanguage(templates));
    boolean json = format.value().equals("json");
    PrintStream told = json ? err : out;
    template.notice().ifPresent(told::println);
    String folderName = handler.value().orElse(checked);
    StackFileWriter stack = stackFile(checked);
    String text = stack.textWith(checked, lines(checked, folderName, template));

    Path folder = terminal.folder().resolve(folderName).normalize();
    if (Files.exists(folder)) {
      throw CliException.failed("Folder: " + folderName + " already exists");
    }
    Files.createDirectories(folder);
    told.println("Folder: " + folderName + " created.");
    HandlerFolder.write(folder, template.skeleton());
    stack.write(text);
    told.println();
    told.println("Function created in folder: " + folderName);
    told.println("Stack file " + (append.given() ? "updated: " : "written: ") + stack);
    tellWelcome(template, told);
    if (json) {
      Map<String, Object> made = new LinkedHashMap<>();
      made.put("name", checked);
      made.put("lang", template.name());
      made.put("folder", folderName);
      made.put("file", stack.toString());
      out.println(Json.indented(made));
    }
    return ExitCode.OK;
  }

  private int list(Templates templates) throws IOException {
    if (format.value().equals("json")) {
      out.println(Json.indented(new ArrayList<>(templates.names())));
      return ExitCode.OK;
    }
    out.println("Languages available as templates:");
    templates.names().forEach(template -> out.println("- " + template));
    return ExitCode.OK;
  }

  private String checkedName() {
    if (options.words().isEmpty()) {
      throw CliException.usage("the name is missing (expected: barista new NAME --lang TEMPLATE)");
    }
    String name = options.words().getFirst();
    try {
      return new FunctionName(name, namespace().orElse(FunctionName.DEFAULT_NAMESPACE)).name();
    } catch (FaasException e) {
      throw CliException.usage(badName(name));
    }
  }

  private String checkedLanguage(Templates templates) throws IOException {
    if (!language.given()) {
      throw CliException.usage(
          "--lang is missing (expected: one of " + String.join(", ", templates.names()) + ")");
    }
    return language.value().orElseThrow();
  }

  private StackFileWriter stackFile(String functionName) {
    return append
        .value()
        .map(file -> StackFileWriter.append(terminal.folder(), file))
        .orElseGet(() -> StackFileWriter.create(terminal.folder(), functionName + ".yml"));
  }

  /** The function's entry, each line indented relative to its name. */
  private String lines(String functionName, String folderName, Template template) {
    String owner =
        prefix.value().orElseGet(() -> terminal.environment().getOrDefault("OPENFAAS_PREFIX", ""));
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
      StringBuilder lines, String key, Option.Text memory, Option.Text cpu) {
    try {
      Resources resources =
          Resources.of(key, memory.value().orElse(null), cpu.value().orElse(null));
      if (!resources.none()) {
        lines.append(key).append(":\n");
        resources.memory().ifPresent(text -> lines.append("  memory: ").append(text).append('\n'));
        resources.cpu().ifPresent(text -> lines.append("  cpu: ").append(text).append('\n'));
      }
    } catch (FaasException e) {
      throw CliException.usage(e.getMessage());
    }
  }

  private static void tellWelcome(Template template, PrintStream told) {
    String message = template.settings().welcomeMessage().strip();
    if (!message.isEmpty()) {
      told.println();
      told.println(message);
    }
  }
}
