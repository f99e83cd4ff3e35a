package dev.barista.image;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A program that needs nothing installed or compiled: the files as they are. Of a Dockerfile only
 * the environment counts, and the user is told what else it asks for.
 */
final class PlainBuild implements RuntimeBuild {

  private static final String DOCKERFILE = "Dockerfile";

  private final NavigableMap<String, LayerEntry> files;
  private final Map<String, String> environment;

  private PlainBuild(NavigableMap<String, LayerEntry> files, Map<String, String> environment) {
    this.files = files;
    this.environment = environment;
  }

  static PlainBuild of(BuildFiles context, BuildListener listener) throws IOException {
    NavigableMap<String, LayerEntry> files = new TreeMap<>(context.template());
    files.putAll(context.handler());
    LayerEntry entry = files.remove(DOCKERFILE);
    if (entry == null) {
      return new PlainBuild(files, Map.of());
    }
    Dockerfile dockerfile = Dockerfile.parse(entry.text());
    if (!dockerfile.unmet().isEmpty()) {
      listener.progress(
          "Dockerfile: \""
              + dockerfile.unmet().getFirst()
              + "\""
              + (dockerfile.unmet().size() == 1
                  ? ""
                  : " and " + (dockerfile.unmet().size() - 1) + " more")
              + " needs a container engine and isn't carried out: the function runs fprocess with"
              + " the host's programs and this folder's files");
    }
    return new PlainBuild(files, dockerfile.environment());
  }

  @Override
  public List<Part> parts() throws IOException {
    return List.of(new Part("Files", new LayerKey("plain").addFiles(files).finish(), _ -> files));
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public Map<String, String> labels() {
    return Map.of();
  }
}
