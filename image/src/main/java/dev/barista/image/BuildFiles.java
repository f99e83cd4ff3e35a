package dev.barista.image;

import static dev.barista.image.BuildRefusal.refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The build context, by path below the working folder of the image: the template's own files, and
 * the handler folder, which is the template's skeleton with the user's files laid over it.
 */
record BuildFiles(
    NavigableMap<String, LayerEntry> template, NavigableMap<String, LayerEntry> handler) {

  static BuildFiles collect(BuildRequest request) throws IOException {
    TemplateSettings settings = request.template().settings();
    String prefix = settings.handlerPrefix();
    NavigableMap<String, LayerEntry> template = new TreeMap<>();
    NavigableMap<String, LayerEntry> handler = new TreeMap<>();
    request
        .template()
        .files()
        .forEach(
            (path, file) -> {
              if (!path.equals("template.yml") && !path.equals("Dockerfile")) {
                boolean skeleton = !prefix.isEmpty() && path.startsWith(prefix);
                (skeleton ? handler : template).put(path, new LayerEntry.InMemory(file));
              }
            });
    for (FolderFile file : FolderFile.below(request.handler())) {
      handler.put(prefix + file.path(), new LayerEntry.OnDisk(file.source(), file.executable()));
    }
    for (Path copy : request.copies()) {
      addCopy(copy, prefix, handler);
    }
    handler.keySet().forEach(template::remove);
    return new BuildFiles(template, handler);
  }

  private static void addCopy(Path copy, String prefix, NavigableMap<String, LayerEntry> handler)
      throws IOException {
    String name = prefix + Folders.name(copy.toAbsolutePath().normalize());
    if (Files.isDirectory(copy)) {
      for (FolderFile file : FolderFile.below(copy)) {
        handler.put(
            name + '/' + file.path(), new LayerEntry.OnDisk(file.source(), file.executable()));
      }
    } else if (Files.isRegularFile(copy)) {
      handler.put(name, new LayerEntry.OnDisk(copy, Files.isExecutable(copy)));
    } else {
      throw refused("configuration.copy: nothing at " + copy);
    }
  }
}
