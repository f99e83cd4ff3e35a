package dev.barista.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

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
   * @param inImage whether it is part of the image, or only shown to later parts
   */
  record Part(String name, String key, boolean inImage, Maker make) {
    Part(String name, String key, Maker make) {
      this(name, key, /* inImage= */ true, make);
    }
  }

  /** What was made before. */
  @FunctionalInterface
  interface Earlier {
    /** The unpacked files of the part of that name, read-only; empty when there is none. */
    Optional<Path> folder(String name) throws IOException;
  }

  /** Makes the content of a layer that is not in the cache. */
  @FunctionalInterface
  interface Maker {
    NavigableMap<String, LayerEntry> entries(Earlier earlier) throws IOException;
  }

  /** The runtime of the command that the image will be started with. */
  static RuntimeBuild of(BuildRequest request, BuildFiles files, BuildContext context)
      throws IOException {
    if (!request.template().settings().build().isEmpty()) {
      return new StepsBuild(request, files, context);
    }
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
