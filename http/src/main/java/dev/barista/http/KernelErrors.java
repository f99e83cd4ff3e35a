package dev.barista.http;

/**
 * Reads the reason out of what a transport throws. Netty's native transport and the JDK both put
 * the text of strerror(3) into the message, and neither gives the number.
 */
final class KernelErrors {

  private KernelErrors() {}

  /** EAGAIN of connect(2) on a Unix-domain socket: the listener's backlog is full. */
  static boolean lineFull(Throwable cause) {
    return says(cause, "temporarily unavailable");
  }

  /** EPIPE: the other side had closed before this write, so it has seen nothing of it. */
  static boolean writeRefused(Throwable cause) {
    return says(cause, "Broken pipe");
  }

  private static boolean says(Throwable cause, String text) {
    String message = cause.getMessage();
    return message != null && message.contains(text);
  }
}
