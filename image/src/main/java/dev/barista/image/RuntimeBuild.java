package dev.barista.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** How one kind of runtime turns the build context into layers. */
interface RuntimeBuild {

  /** The layers, the one that changes least first. */
  List<Part> parts() throws IOException;

  /** Added to the template's environment, {@code fprocess} among it. */
  Map<String, String> environment();

  /** Added to the image's labels. Asked after all parts are made. */
  Map<String, String> labels();

  /**
   * One layer.
   *
   * @param name for the user
   * @param key digest of everything it depends on
   */
  record Part(String name, String key, Maker make) {}

  /** Makes the content of a layer that is not in the cache. */
  @FunctionalInterface
  interface Maker {
    NavigableMap<String, LayerEntry> entries() throws IOException;
  }

  /** The runtime of the command that the image will be started with. */
  static RuntimeBuild of(BuildRequest request, BuildFiles files, BuildContext context)
      throws IOException {
    String program =
        request.template().settings().program().map(Path::of).map(Folders::name).orElse("");
    if (program.startsWith("python")) {
      return new PythonBuild(request, files, context);
    }
    if (program.equals("java")) {
      return new JavaBuild(request, files, context);
    }
    return PlainBuild.of(files, context.listener());
  }
}
