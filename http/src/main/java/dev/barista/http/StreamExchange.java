package dev.barista.http;

/** One request on the event loop of its connection. Used on that loop only. */
public interface StreamExchange {

  RequestHead head();

  /** The client's {@code X-Call-Id}, or a generated one. */
  String callId();

  /** The raw text that the {@code *} at the end of the route's pattern matched, else empty. */
  String remainder();

  /** Answers in one piece; a body that the client still sends is dropped. */
  void respond(Answer answer);

  /** Answers with what the {@link ErrorMapper} makes of it. */
  void fail(Throwable failure);
}
