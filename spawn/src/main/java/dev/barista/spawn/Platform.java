package dev.barista.spawn;

import java.util.Set;

/** Where this package works. */
public final class Platform {

  private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64", "aarch64", "riscv64");
  private static final String SYSTEM = System.getProperty("os.name", "?");
  private static final String ARCHITECTURE = System.getProperty("os.arch", "?");

  private Platform() {}

  public static boolean isSupported() {
    return SYSTEM.equals("Linux") && ARCHITECTURES.contains(ARCHITECTURE);
  }

  /**
   * @throws UnsupportedOperationException with a sentence for the user, off 64-bit Linux
   */
  public static void requireLinux() {
    if (!isSupported()) {
      throw new UnsupportedOperationException(
          "Processes are started by posix_spawn on 64-bit Linux (x86-64, ARM, RISC-V) only; this is"
              + " "
              + SYSTEM
              + " on "
              + ARCHITECTURE
              + ". On Windows use WSL.");
    }
  }

  /**
   * Links the C library on a thread of its own, about 35 ms of work that the first start of a
   * process would else wait for. Does nothing where this package doesn't work.
   */
  public static void linkInBackground() {
    if (isSupported()) {
      Thread.ofPlatform().name("link-libc").daemon(true).start(PosixSpawn::canJoinCgroup);
    }
  }

  /** epoll's event record is packed on x86-64 and naturally aligned elsewhere. */
  static boolean packsEpollEvents() {
    return ARCHITECTURE.equals("amd64") || ARCHITECTURE.equals("x86_64");
  }
}
