package dev.barista.cli.command;

import dev.barista.image.Folders;
import dev.barista.image.TemplateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Writes files of a template below a folder. */
final class HandlerFolder {

  private HandlerFolder() {}

  /** Overwrites nothing. */
  static void write(Path folder, Map<String, TemplateFile> files) throws IOException {
    for (Map.Entry<String, TemplateFile> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Folders.makeParent(path);
      Files.write(path, file.getValue().content(), StandardOpenOption.CREATE_NEW);
      if (file.getValue().executable()) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  /** Removes what is there first. */
  static void replace(Path folder, Map<String, TemplateFile> files) throws IOException {
    Folders.delete(folder);
    write(folder, files);
  }
}
