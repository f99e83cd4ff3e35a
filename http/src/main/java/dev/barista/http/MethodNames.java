package dev.barista.http;

/** Bounds what a client can make of a method in a metric. */
final class MethodNames {

  private MethodNames() {}

  static String known(String method) {
    return switch (method) {
      case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT" -> method;
      default -> "OTHER";
    };
  }
}
