package dev.barista.gateway.invoke;

/** What a function's pool says to a call that would wait. */
sealed interface Place {

  /** It needn't wait. */
  record Granted(Lease lease) implements Place {}

  /**
   * It waits: {@link HeldCall} is told.
   *
   * @param atLimit for its turn on a ready replica; else for a replica
   */
  record InLine(boolean atLimit) implements Place {}

  /**
   * There is no place.
   *
   * @param calls that wait already
   * @param setting that says how many may
   */
  record Full(int calls, String setting) implements Place {}

  /** The function is not deployed any more. */
  enum Deleted implements Place {
    INSTANCE
  }
}
