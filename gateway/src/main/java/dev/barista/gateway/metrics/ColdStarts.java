package dev.barista.gateway.metrics;

/**
 * How long callers of functions at zero wait, in three phases that all begin when the first held
 * call asks for a scale-up: of all functions together, so that its size doesn't grow with them.
 * Thread-safe, without a lock.
 */
public final class ColdStarts {

  private static final String NAME = "barista_cold_start_seconds";

  private final Histogram spawn = new Histogram();
  private final Histogram ready = new Histogram();
  private final Histogram firstByte = new Histogram();

  /** The provider has taken the scale-up. */
  public void spawned(long nanos) {
    spawn.record(nanos);
  }

  /** The first replica takes calls. */
  public void ready(long nanos) {
    ready.record(nanos);
  }

  /** The first answer to a held call begins. */
  public void firstByte(long nanos) {
    firstByte.record(nanos);
  }

  void writeTo(StringBuilder out) {
    Exposition.family(
        out, NAME, "histogram", "Time from the call that woke a function to the end of a phase.");
    spawn.writeTo(out, NAME, "phase=\"spawn\"");
    ready.writeTo(out, NAME, "phase=\"ready\"");
    firstByte.writeTo(out, NAME, "phase=\"first_byte\"");
  }
}
