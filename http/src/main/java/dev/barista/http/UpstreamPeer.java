package dev.barista.http;

/** Who uses a connection to a replica. Called on its loop. */
interface UpstreamPeer {

  /** Something came from the replica; the receiver releases it. */
  void answerArrived(Object message);

  /** Nothing more for now: what was passed on may be flushed. */
  void answerPaused();

  /** Backpressure both ways, to be looked at again. */
  void balance();

  /** The connection has ended; it is not to be given back any more. */
  void connectionLost(Throwable cause);

  /** The call's time is over. */
  void cancel();
}
