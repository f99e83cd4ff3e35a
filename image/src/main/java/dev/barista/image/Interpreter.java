package dev.barista.image;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A program of the host that runs functions, found through all links and shims.
 *
 * @param command what was asked for: {@code python3}
 * @param executable the real program; starting it goes through no shim
 * @param version as it tells itself, empty for a program that was not asked
 * @param abi what compiled dependencies are bound to ({@code cpython-311}, {@code jdk-25}); empty
 *     for other programs
 * @param folders what a sandbox must show so that it starts: absolute, without links
 */
public record Interpreter(
    String command, Path executable, String version, Optional<String> abi, List<Path> folders) {

  /** For scripts of a build. */
  static final Interpreter SHELL =
      new Interpreter("sh", Path.of("/bin/sh"), "", Optional.empty(), List.of());

  public Interpreter {
    requireNonNull(command, "command");
    requireNonNull(executable, "executable");
    requireNonNull(version, "version");
    requireNonNull(abi, "abi");
    folders = List.copyOf(folders);
  }
}
