package dev.barista.server.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/** The data folder: whether it can be used, who else can, how much fits into it. */
final class FolderChecks {

  private static final long LEAST_BYTES = 64L << 20;
  private static final long GOOD_BYTES = 2L << 30;
  private static final int BYTES_PER_MIB = 1 << 20;

  private static final Set<PosixFilePermission> OPEN =
      Set.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private FolderChecks() {}

  static List<Finding> run(Path data) throws IOException {
    Path existing = data;
    while (!Files.exists(existing)) {
      Path parent = existing.getParent();
      if (parent == null) {
        break;
      }
      existing = parent;
    }
    return List.of(folder(data, existing), space(data, existing));
  }

  private static Finding folder(Path data, Path existing) throws IOException {
    String subject = "data folder";
    if (!Files.isDirectory(existing)) {
      return Finding.stop(
          subject, existing + " is no folder", "serve can't start", "choose another with --data");
    }
    if (!Files.isWritable(existing)) {
      return Finding.stop(
          subject,
          existing + " can't be written",
          "serve can't start",
          "give it to this user, or choose another with --data");
    }
    if (!existing.equals(data)) {
      return Finding.ok(subject, data + ", made at the first start");
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(data);
    return permissions.stream().anyMatch(OPEN::contains)
        ? Finding.gap(
            subject,
            data + " is open to other users",
            "they can look at functions and logs, or change them",
            "chmod go-rw " + data)
        : Finding.ok(subject, data.toString());
  }

  private static Finding space(Path data, Path existing) throws IOException {
    long free = Files.getFileStore(existing).getUsableSpace();
    String found = free / BYTES_PER_MIB + " MiB free for " + data;
    String mend = "make room, or choose another disk with --data";
    if (free < LEAST_BYTES) {
      return Finding.stop("disk", found, "serve can't keep its state", mend);
    }
    return free < GOOD_BYTES
        ? Finding.gap("disk", found, "few images and logs fit", mend)
        : Finding.ok("disk", found);
  }
}
