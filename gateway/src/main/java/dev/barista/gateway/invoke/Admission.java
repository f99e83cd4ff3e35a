package dev.barista.gateway.invoke;

/** What a function's pool says to a call that wants a replica. */
sealed interface Admission permits Lease, Admission.AtLimit, Admission.NoReplica {

  /**
   * Every replica has as many calls as it may have, or others wait for their turn already.
   *
   * @param most calls per replica
   */
  record AtLimit(int most) implements Admission {}

  /** None is ready, or none that was not tried already. */
  enum NoReplica implements Admission {
    INSTANCE
  }
}
