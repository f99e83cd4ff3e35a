package dev.barista.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** System calls that Java has no word for. Each may block the calling platform thread shortly. */
public final class Posix {

  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0x40;
  private static final int O_APPEND = 0x400;
  private static final int PR_SET_DUMPABLE = 4;

  private Posix() {}

  /** All descriptors of this class are closed on exec. */
  public static Fd openForReading(Path path) {
    return Fd.adopt(Syscalls.open(path.toString(), O_RDONLY, 0));
  }

  public static Fd openForWriting(Path path) {
    return Fd.adopt(Syscalls.open(path.toString(), O_WRONLY, 0));
  }

  /** Makes the file, with these permissions less the umask, if there is none. */
  public static Fd openForAppending(Path path, int permissions) {
    return Fd.adopt(Syscalls.open(path.toString(), O_WRONLY | O_CREAT | O_APPEND, permissions));
  }

  /** A handle of a folder, good for {@link Command#withCgroup} and for {@code /proc/self/fd}. */
  public static Fd openFolder(Path path) {
    return Fd.adopt(Syscalls.open(path.toString(), O_RDONLY | (isArm() ? 0x4000 : 0x10000), 0));
  }

  /** Writes a short text, such as a control file takes, in one write. */
  public static void writeText(Fd fd, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    int written = fd.write(buffer);
    if (written != bytes.length) {
      throw new ErrnoException("write '" + text + "' to " + fd, Errno.EIO);
    }
  }

  /**
   * Sends a signal to a process, or to a process group by its negative number.
   *
   * @return false if there is none
   */
  public static boolean kill(int pid, int signal) {
    int result = Syscalls.kill(pid, signal);
    if (result == -Errno.ESRCH) {
      return false;
    }
    Syscalls.orThrow("send signal " + signal + " to process " + pid, result);
    return true;
  }

  /** No process of the same user may trace this one, read its memory or its {@code /proc} files. */
  public static void forbidTracing() {
    Syscalls.prctl(PR_SET_DUMPABLE, 0);
  }

  /**
   * Makes this process another program: its number, standard streams, working folder and group
   * stay, every other descriptor is closed, and no shutdown hook runs. Not for a virtual thread.
   *
   * @param program a path
   * @param arguments the program's own name first
   * @throws ErrnoException if that didn't work; nothing has changed then but that descriptors will
   *     be closed by a later try
   */
  public static void become(Path program, List<String> arguments, Environment environment) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argumentVector = PosixSpawn.argumentVector(arena, arguments);
      MemorySegment environmentVector = PosixSpawn.environmentVector(arena, environment);
      Syscalls.closeAllOnExec(3);
      Syscalls.unblockSignals(arena);
      Syscalls.orThrow(
          "become " + program,
          Syscalls.exec(arena, program.toString(), argumentVector, environmentVector));
    }
  }

  private static boolean isArm() {
    return System.getProperty("os.arch", "").equals("aarch64");
  }
}
