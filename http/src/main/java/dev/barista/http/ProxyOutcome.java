package dev.barista.http;

/** How one attempt to have a replica answer has ended. */
public sealed interface ProxyOutcome {

  /** The replica's whole answer was passed on. */
  record Answered(int status) implements ProxyOutcome {}

  /**
   * The replica has not seen anything of the request and the client nothing of an answer: another
   * replica may be tried.
   *
   * @param busy the replica is there, but so many connections wait to be accepted by it that the
   *     kernel takes no more (Unix-domain sockets only; TCP waits by itself)
   */
  record NotSent(Throwable cause, boolean busy) implements ProxyOutcome {}

  /**
   * The replica failed while it had the request.
   *
   * @param answerStarted the client has a part of the answer and its connection was closed; else
   *     nothing was answered yet
   */
  record Broken(Throwable cause, boolean answerStarted) implements ProxyOutcome {}

  /**
   * The client's side ended it: it has gone, or its request's body was refused.
   *
   * @param status what the client got; 0 when it had gone
   */
  record Aborted(int status) implements ProxyOutcome {}

  /**
   * {@link StreamExchange#cancelProxy} ended it before the replica had taken a connection: the
   * replica has not seen anything of the request and the client nothing of an answer.
   */
  record Unreached() implements ProxyOutcome {}

  /**
   * {@link StreamExchange#cancelProxy} ended it after the replica had taken a connection, which may
   * be lost already: it may have seen the request.
   *
   * @param answerStarted the client has a part of the answer and its connection was closed; else
   *     nothing was answered yet
   */
  record Cancelled(boolean answerStarted) implements ProxyOutcome {}
}
