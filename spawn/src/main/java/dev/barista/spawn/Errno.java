package dev.barista.spawn;

/** Linux's error numbers, as far as this package's callers decide by them. */
public final class Errno {

  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int E2BIG = 7;
  public static final int ENOEXEC = 8;
  public static final int EBADF = 9;
  public static final int ECHILD = 10;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ETXTBSY = 26;
  public static final int ENOSPC = 28;
  public static final int EPIPE = 32;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int ELOOP = 40;

  private Errno() {}

  /** What the number means, in words, followed by the number: {@code no such file (errno 2)}. */
  public static String describe(int errno) {
    return meaning(errno) + " (errno " + errno + ")";
  }

  private static String meaning(int errno) {
    return switch (errno) {
      case EPERM -> "operation not permitted";
      case ENOENT -> "no such file";
      case ESRCH -> "no such process";
      case EINTR -> "interrupted";
      case EIO -> "input/output error";
      case E2BIG -> "arguments and environment too large";
      case ENOEXEC -> "not an executable format";
      case EBADF -> "bad file descriptor";
      case ECHILD -> "no such child";
      case EAGAIN -> "resource temporarily unavailable";
      case ENOMEM -> "out of memory";
      case EACCES -> "permission denied";
      case EBUSY -> "busy";
      case EEXIST -> "exists already";
      case ENODEV -> "no such device";
      case ENOTDIR -> "not a directory";
      case EISDIR -> "is a directory";
      case EINVAL -> "invalid argument";
      case ENFILE -> "too many open files in the system";
      case EMFILE -> "too many open files";
      case ETXTBSY -> "executable is being written";
      case ENOSPC -> "no space left";
      case EPIPE -> "nobody reads";
      case ENAMETOOLONG -> "name too long";
      case ENOSYS -> "not supported by this kernel";
      case ELOOP -> "too many symbolic links";
      default -> "system error";
    };
  }
}
