package dev.barista.http;

/**
 * Told of every answered request, on event loops: must be thread-safe, cheap and must not block.
 */
public interface RequestObserver {

  RequestObserver NONE = (family, method, status, nanos) -> {};

  /**
   * An exchange has ended.
   *
   * @param family the literal beginning of the route's pattern, such as {@code /function} or {@code
   *     /system/function}; {@code other} for a request that no route took
   * @param method the request's method, {@code OTHER} for one that is not of RFC 9110 or PATCH
   * @param status what the client got; 499 when it had gone before the answer started
   * @param nanos from the end of the request's head to the end of the answer
   */
  void ended(String family, String method, int status, long nanos);
}
