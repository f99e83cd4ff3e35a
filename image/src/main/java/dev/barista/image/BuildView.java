package dev.barista.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What of the host one run of a build tool gets, beside the system's programs.
 *
 * @param folder its own: working folder, home and temporary folder
 * @param readable files and folders; what isn't there is left out
 * @param writable further folders of its own, kept between builds
 * @param user whom it runs as, where the platform may choose
 */
record BuildView(Path folder, List<Path> readable, List<Path> writable, Optional<BuildUser> user) {

  BuildView {
    readable = List.copyOf(readable);
    writable = List.copyOf(writable);
  }
}
