package dev.barista.api;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a file or folder can't be used, in words for a sentence that names it already. */
public final class FileFault {

  private FileFault() {}

  /**
   * Without the names of Java's classes.
   *
   * @param named what the sentence names; any other path of the fault is told
   */
  public static String reason(Path named, IOException fault) {
    if (!(fault instanceof FileSystemException known)) {
      return fault.getMessage() == null ? fault.toString() : fault.getMessage();
    }
    String file = known.getFile();
    return file == null || file.equals(named.toString())
        ? words(known)
        : file + ": " + words(known);
  }

  private static String words(FileSystemException fault) {
    return switch (fault) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "no such file or folder";
      case FileAlreadyExistsException _ -> "something else is in its place";
      default -> fault.getReason() == null ? fault.toString() : fault.getReason();
    };
  }
}
