package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.http.HttpClient;
import dev.barista.cli.json.Json;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import dev.barista.image.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code barista template}: what there is to build with, and how to get more. */
final class TemplateCommand extends ClientCommand {

  private static final String URL_VARIABLE = "OPENFAAS_TEMPLATE_URL";
  private static final String STORE_VARIABLE = "OPENFAAS_TEMPLATE_STORE_URL";

  private final Option.Text url =
      options.text(
          "URL",
          "A templates.json to take the list from; else "
              + STORE_VARIABLE
              + ", else the built-in"
              + " templates.",
          "-u",
          "--url");

  private final Option.Flag overwrite =
      options.flag("Replace templates that are there already.", "--overwrite");

  private final Option.Text platform =
      options.text("PLATFORM", "List only templates for it.", "-p", "--platform");

  private final Option.Choice format =
      options.choice(List.of("table", "json"), "Form of the output.", "-o", "--output");

  TemplateCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "template store|pull ...",
            """
            Show and fetch templates. The built-in ones need no fetching and no network.
              store list            the templates of the store
              store describe NAME   one of them
              store pull NAME       copy it to template/NAME, to use it or to change it
              pull REPOSITORY       copy all templates of a git repository; #BRANCH may follow\
            """,
            /* mostWords= */ 3));
  }

  @Override
  int run() throws IOException {
    List<String> words = options.words();
    String verb = String.join(" ", words.subList(0, Math.min(2, words.size())));
    if (!words.isEmpty() && words.getFirst().equals("pull") && words.size() <= 2) {
      return pull(words.size() == 2 ? words.get(1) : "");
    }
    return switch (verb) {
      case "store list" -> list();
      case "store describe" -> describe(store().find(name(words)));
      case "store pull", "pull stack" -> pull(store().find(name(words)));
      default ->
          throw CliException.usage(
              (words.isEmpty() ? "what?" : "\"" + String.join(" ", words) + "\"")
                  + " (expected: store list, store describe NAME, store pull NAME or pull"
                  + " REPOSITORY)");
    };
  }

  private static String name(List<String> words) {
    if (words.size() < 3) {
      throw CliException.usage("which template? (expected: its name)");
    }
    return words.get(2);
  }

  private TemplateStore store() throws IOException {
    String address =
        url.value().orElseGet(() -> terminal.environment().getOrDefault(STORE_VARIABLE, ""));
    return address.isEmpty()
        ? TemplateStore.builtIn()
        : TemplateStore.of(address, new HttpClient(/* verifyTls= */ true));
  }

  private int list() throws IOException {
    List<TemplateStore.Entry> entries =
        store().entries().stream()
            .filter(e -> platform.value().map(p -> e.platform().equalsIgnoreCase(p)).orElse(true))
            .toList();
    if (format.value().equals("json")) {
      out.println(Json.indented(entries.stream().map(TemplateStore.Entry::json).toList()));
      return ExitCode.OK;
    }
    TextTable table = new TextTable("NAME", "RECOMMENDED", "SOURCE", "DESCRIPTION");
    entries.forEach(
        e -> table.row(e.name(), e.recommended() ? "[x]" : "[ ]", e.source(), e.description()));
    out.print(table);
    return ExitCode.OK;
  }

  private int describe(TemplateStore.Entry entry) {
    if (format.value().equals("json")) {
      out.println(Json.indented(entry.json()));
      return ExitCode.OK;
    }
    out.println("Name:        " + entry.name());
    out.println("Language:    " + entry.language());
    out.println("Platform:    " + entry.platform());
    out.println("Source:      " + entry.source());
    out.println("Description: " + entry.description());
    entry.repository().ifPresent(address -> out.println("Repository:  " + address));
    return ExitCode.OK;
  }

  private int pull(TemplateStore.Entry entry) throws IOException {
    if (entry.repository().isPresent()) {
      new TemplatePulls(terminal)
          .pull(terminal.folder(), entry.repository().get(), List.of(entry.name()), overwrite.on());
      return ExitCode.OK;
    }
    Path target = terminal.folder().resolve("template").resolve(entry.name());
    if (Files.exists(target) && !overwrite.on()) {
      throw CliException.failed(
          terminal.shown(target) + " is there already; --overwrite replaces it");
    }
    Template template = TemplateStore.ownTemplates().find(entry.name());
    HandlerFolder.replace(target, template.files());
    out.println(
        "Wrote to " + terminal.shown(target) + ", which is used instead of the built-in one.");
    return ExitCode.OK;
  }

  private int pull(String repository) throws IOException {
    String address =
        repository.isEmpty() ? terminal.environment().getOrDefault(URL_VARIABLE, "") : repository;
    if (address.isEmpty()) {
      out.println(
          "Nothing to fetch: the built-in templates are used as they are ("
              + String.join(", ", TemplateStore.ownTemplates().names())
              + ").");
      return ExitCode.OK;
    }
    new TemplatePulls(terminal).pull(terminal.folder(), address, List.of(), overwrite.on());
    return ExitCode.OK;
  }
}
