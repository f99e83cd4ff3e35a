package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.http.HttpClient;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import dev.barista.cli.stack.Download;
import dev.barista.cli.stack.Nearest;
import dev.barista.image.Template;
import dev.barista.image.Templates;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Templates to choose from: Barista's own, which need no network, or those of a {@code
 * templates.json} in OpenFaaS's form ({@code [{template, platform, language, source, description,
 * repo, official, recommended}]}).
 */
final class TemplateStore {

  static final String BUILT_IN = "built-in";

  private static final int MAX_BYTES = 4 << 20;

  private final List<Entry> entries;

  private TemplateStore(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * One template.
   *
   * @param source who made it; {@link #BUILT_IN} for Barista's own
   * @param repository git address; empty for Barista's own
   */
  record Entry(
      String name,
      String language,
      String source,
      String description,
      String platform,
      Optional<String> repository,
      boolean recommended) {

    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("template", name);
      json.put("language", language);
      json.put("source", source);
      json.put("description", description);
      json.put("platform", platform);
      repository.ifPresent(address -> json.put("repo", address));
      json.put("recommended", recommended);
      return json;
    }
  }

  /** Barista's own, whatever lies in the current folder. */
  static TemplateStore builtIn() throws IOException {
    Templates templates = ownTemplates();
    List<Entry> entries = new ArrayList<>();
    for (String name : templates.names()) {
      Template template = templates.find(name);
      entries.add(
          new Entry(
              name,
              template.settings().language(),
              BUILT_IN,
              firstSentence(template.settings().welcomeMessage()),
              "host",
              Optional.empty(),
              /* recommended= */ true));
    }
    return new TemplateStore(entries);
  }

  private static String firstSentence(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    int end = line.indexOf(". ");
    return end < 0 ? line : line.substring(0, end + 1);
  }

  /** Without those of a project. */
  static Templates ownTemplates() {
    return new Templates(Path.of("/nonexistent"));
  }

  static TemplateStore of(String address, HttpClient client) {
    String text;
    try {
      text = new Download(client, MAX_BYTES).text(new URI(address));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw CliException.usage(
          "--url: \"" + address + "\" (expected: such as https://…/templates.json)");
    }
    List<JsonObject> objects =
        Json.objects(text)
            .orElseThrow(() -> CliException.failed(address + " is no list of templates in JSON"));
    return new TemplateStore(objects.stream().map(TemplateStore::entry).toList());
  }

  private static Entry entry(JsonObject json) {
    return new Entry(
        json.shown("template"),
        json.shown("language"),
        json.shown("source"),
        json.shown("description"),
        json.shown("platform"),
        json.text("repo"),
        json.flag("recommended") || json.text("recommended").equals(Optional.of("true")));
  }

  List<Entry> entries() {
    return entries;
  }

  /**
   * @throws CliException naming the nearest one
   */
  Entry find(String name) {
    List<String> names = entries.stream().map(Entry::name).toList();
    return entries.stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                CliException.failed(
                    "There is no template \""
                        + name
                        + "\" in the store"
                        + Nearest.to(name, names)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("; template store list shows them")));
  }
}
