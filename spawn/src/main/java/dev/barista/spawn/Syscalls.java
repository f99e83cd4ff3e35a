package dev.barista.spawn;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that this package is made of, with failures as exceptions or as negative error
 * numbers where the caller decides by them.
 */
final class Syscalls {

  static final int O_CLOEXEC = 0x80000;
  static final int O_NONBLOCK = 0x800;
  static final short POLLIN = 1;

  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x0100_0000;
  private static final int P_PID = 1;
  private static final int CLD_EXITED = 1;
  // The generic table, the same on every architecture since 2019.
  private static final long SYS_PIDFD_OPEN = 434;
  private static final long SYS_CLOSE_RANGE = 436;
  private static final long CLOSE_RANGE_CLOEXEC = 4;
  private static final int SIG_SETMASK = 2;
  private static final int SIGSET_BYTES = 128;

  private static final MemorySegment READ = Libc.symbol("read");
  private static final MemorySegment WRITE = Libc.symbol("write");
  private static final MemorySegment CLOSE = Libc.symbol("close");
  private static final MemorySegment OPEN = Libc.symbol("open");
  private static final MemorySegment PIPE2 = Libc.symbol("pipe2");
  private static final MemorySegment FCNTL = Libc.symbol("fcntl");
  private static final MemorySegment POLL = Libc.symbol("poll");
  private static final MemorySegment KILL = Libc.symbol("kill");
  private static final MemorySegment WAITPID = Libc.symbol("waitpid");
  private static final MemorySegment WAITID = Libc.symbol("waitid");
  private static final MemorySegment PRCTL = Libc.symbol("prctl");
  private static final MemorySegment EXECVE = Libc.symbol("execve");
  private static final MemorySegment SIGPROCMASK = Libc.symbol("sigprocmask");
  private static final MemorySegment SYSCALL = Libc.symbol("syscall");

  private Syscalls() {}

  static long read(int fd, long address, long length) {
    return Libc.callLong(READ, fd, address, length);
  }

  static long write(int fd, long address, long length) {
    return Libc.callLong(WRITE, fd, address, length);
  }

  static void close(int fd) {
    Libc.callInt(CLOSE, fd, 0);
  }

  static int open(String path, int flags, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      long name = Libc.cString(arena, path).address();
      return orThrow("open " + path, Libc.callInt(OPEN, name, flags | O_CLOEXEC, mode));
    }
  }

  static Pipe pipe() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      orThrow("make a pipe", Libc.callInt(PIPE2, ends.address(), O_CLOEXEC));
      return new Pipe(
          Fd.adopt(ends.getAtIndex(JAVA_INT, 0)), Fd.adopt(ends.getAtIndex(JAVA_INT, 1)));
    }
  }

  static void setNonBlocking(int fd) {
    int flags = orThrow("read flags of file descriptor " + fd, Libc.callInt(FCNTL, fd, F_GETFL));
    orThrow(
        "make file descriptor " + fd + " non-blocking",
        Libc.callInt(FCNTL, fd, F_SETFL, flags | O_NONBLOCK));
  }

  /** A copy that is closed on exec, with a number of at least {@code lowest}. */
  static int duplicateAbove(int fd, int lowest) {
    return orThrow(
        "duplicate file descriptor " + fd, Libc.callInt(FCNTL, fd, F_DUPFD_CLOEXEC, lowest));
  }

  /** Negative timeout: for ever. True if there is an event. */
  static boolean pollForInput(int fd, int timeoutMillis) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entry = arena.allocate(8, 4);
      entry.set(JAVA_INT, 0, fd);
      // short events = POLLIN, short revents = 0, in either half by byte order: Linux here is
      // little-endian.
      entry.set(JAVA_INT, 4, POLLIN);
      int ready = Libc.callInt(POLL, entry.address(), 1, timeoutMillis);
      return ready == -Errno.EINTR ? false : orThrow("poll", ready) > 0;
    }
  }

  /** 0 or a negative error number. A negative {@code pid} is a process group. */
  static int kill(int pid, int signal) {
    return Libc.callInt(KILL, pid, signal);
  }

  /** The raw status if the child has ended, else −1. */
  static int reapIfEnded(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      int reaped = Libc.callInt(WAITPID, pid, status.address(), WNOHANG);
      return orThrow("wait for process " + pid, reaped) == 0 ? -1 : status.get(JAVA_INT, 0);
    }
  }

  /** How the child has ended, which stays a zombie, or null. */
  static @Nullable ExitStatus peekIfEnded(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      // siginfo_t of 64-bit Linux: int si_code at 8, pid_t si_pid at 16, int si_status at 24.
      MemorySegment info = arena.allocate(128, 8);
      orThrow(
          "look at process " + pid,
          Libc.callInt(WAITID, P_PID, pid, info.address(), WEXITED | WNOHANG | WNOWAIT));
      if (info.get(JAVA_INT, 16) == 0) {
        return null;
      }
      int status = info.get(JAVA_INT, 24);
      return info.get(JAVA_INT, 8) == CLD_EXITED
          ? new ExitStatus.Exited(status)
          : new ExitStatus.Signaled(status);
    }
  }

  /** Waits for the end of a child that nobody else waits for. */
  static void reap(int pid) {
    while (Libc.callInt(WAITPID, pid, 0, 0) == -Errno.EINTR) {
      // A signal came first.
    }
  }

  static Fd pidFd(int pid) {
    return Fd.adopt(
        orThrow("open a pidfd (Linux 5.3)", Libc.callInt(SYSCALL, SYS_PIDFD_OPEN, pid, 0)));
  }

  static void closeAllOnExec(int lowest) {
    orThrow(
        "mark descriptors closed on exec (Linux 5.11)",
        Libc.callInt(SYSCALL, SYS_CLOSE_RANGE, lowest, 0xFFFF_FFFFL, CLOSE_RANGE_CLOEXEC));
  }

  static int prctl(int option, long argument) {
    return orThrow("prctl " + option, Libc.callInt(PRCTL, option, argument));
  }

  /** Comes back with a negative error number, or not at all. Addresses of NUL-ended vectors. */
  static int exec(Arena arena, String program, MemorySegment arguments, MemorySegment environment) {
    return Libc.callInt(
        EXECVE, Libc.cString(arena, program).address(), arguments.address(), environment.address());
  }

  /** The calling thread takes every signal: what it becomes inherits its mask. */
  static void unblockSignals(Arena arena) {
    Libc.callInt(SIGPROCMASK, SIG_SETMASK, arena.allocate(SIGSET_BYTES, 8).address(), 0);
  }

  static int orThrow(String operation, int result) {
    if (result < 0) {
      throw new ErrnoException(operation, -result);
    }
    return result;
  }
}
