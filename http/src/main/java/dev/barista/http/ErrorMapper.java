package dev.barista.http;

import org.jspecify.annotations.Nullable;

/**
 * Turns a failure into the answer the client sees: the listener's own refusals ({@link
 * HttpException}) and whatever a handler throws before its answer has started. Runs on an event
 * loop or on the handler's thread: must be thread-safe, must not block and must not throw.
 */
@FunctionalInterface
public interface ErrorMapper {

  /** Status and sentence as plain text; 500 without detail for anything that is not ours. */
  ErrorMapper PLAIN =
      (head, callId, failure) ->
          failure instanceof HttpException refusal
              ? Answer.text(refusal.kind().status(), refusal.getMessage() + "\n")
              : Answer.text(500, "internal error\n");

  /**
   * @param head null when the request could not be parsed that far
   * @param callId the request's, for the answer and the log
   */
  Answer answer(@Nullable RequestHead head, String callId, Throwable failure);
}
