package dev.barista.watchdog;

/** One way to run the function: a watchdog has one, chosen by its mode. Thread-safe. */
interface Runner extends AutoCloseable {

  /** What is told instead of a status when the client had gone before there was an answer. */
  int CLIENT_GONE = 499;

  /** Answers a call. Called on its exchange's event loop, so it must not block. */
  void run(Call call);

  /** The watchdog has been asked to stop; calls are still taken for a while. Doesn't block. */
  default void beginStop() {}

  /** Ends whatever still runs. */
  @Override
  void close();
}
