package dev.barista.http;

/** Bounds what a client can make of a method in a metric. */
public final class MethodNames {

  private MethodNames() {}

  /** Whether it is a method of RFC 9110 or PATCH, and none that a client has made up. */
  public static boolean isKnown(String method) {
    return switch (method) {
      case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT" -> true;
      default -> false;
    };
  }

  static String known(String method) {
    return isKnown(method) ? method : "OTHER";
  }
}
