package dev.barista.spawn;

/** Linux's signal numbers, the same on every architecture that this package supports. */
public final class Signals {

  public static final int SIGHUP = 1;
  public static final int SIGINT = 2;
  public static final int SIGQUIT = 3;
  public static final int SIGABRT = 6;
  public static final int SIGKILL = 9;
  public static final int SIGSEGV = 11;
  public static final int SIGPIPE = 13;
  public static final int SIGTERM = 15;
  public static final int SIGCONT = 18;
  public static final int SIGSTOP = 19;

  private Signals() {}

  /** The words in which shells and Go tell of a signal. */
  public static String describe(int signal) {
    return switch (signal) {
      case SIGHUP -> "hangup";
      case SIGINT -> "interrupt";
      case SIGQUIT -> "quit";
      case 4 -> "illegal instruction";
      case 5 -> "trace/breakpoint trap";
      case SIGABRT -> "aborted";
      case 7 -> "bus error";
      case 8 -> "floating point exception";
      case SIGKILL -> "killed";
      case 10 -> "user defined signal 1";
      case SIGSEGV -> "segmentation fault";
      case 12 -> "user defined signal 2";
      case SIGPIPE -> "broken pipe";
      case 14 -> "alarm clock";
      case SIGTERM -> "terminated";
      case 24 -> "CPU time limit exceeded";
      case 25 -> "file size limit exceeded";
      case 31 -> "bad system call";
      default -> "signal " + signal;
    };
  }
}
