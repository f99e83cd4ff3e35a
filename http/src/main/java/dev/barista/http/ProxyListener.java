package dev.barista.http;

/** Follows one attempt to have a replica answer, on the loop of the exchange. */
public interface ProxyListener {

  /** The head of the replica's answer is about to be passed on. */
  void answering(int status, HeaderEditor headers);

  /** The attempt has ended. Called exactly once, and last. */
  void ended(ProxyOutcome outcome);
}
