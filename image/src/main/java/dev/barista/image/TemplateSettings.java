package dev.barista.image;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What {@code template.yml} says.
 *
 * @param language for people
 * @param fprocess command that starts the function, or its server in {@code http} mode
 * @param welcomeMessage shown after {@code new}
 * @param handlerFolder where the handler's files go below the template's; empty for its root
 * @param buildOptions packages by the name of the option
 * @param environment of the image: {@code mode} and others
 * @param listensOnSocket whether its server listens on {@code BARISTA_SOCKET}
 * @param build how it is built; empty where its language or its files say that
 */
public record TemplateSettings(
    String language,
    Optional<String> fprocess,
    String welcomeMessage,
    String handlerFolder,
    Map<String, List<String>> buildOptions,
    Map<String, String> environment,
    boolean listensOnSocket,
    List<BuildStep> build) {

  public TemplateSettings {
    requireNonNull(language, "language");
    requireNonNull(fprocess, "fprocess");
    requireNonNull(welcomeMessage, "welcomeMessage");
    requireNonNull(handlerFolder, "handlerFolder");
    buildOptions = new TreeMap<>(buildOptions);
    environment = new TreeMap<>(environment);
    build = List.copyOf(build);
  }

  /** In front of the path of each of the handler's files: the folder and a slash, or nothing. */
  String handlerPrefix() {
    return handlerFolder.isEmpty() ? "" : handlerFolder + '/';
  }

  /** First word of the command: the interpreter, or the program itself. */
  public Optional<String> program() {
    return fprocess.map(command -> command.strip().split("\\s+", 2)[0]).filter(w -> !w.isEmpty());
  }
}
