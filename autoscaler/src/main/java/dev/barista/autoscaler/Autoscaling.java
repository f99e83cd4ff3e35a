package dev.barista.autoscaler;

import dev.barista.api.FunctionName;
import java.util.List;
import java.util.Optional;

/** What the REST interface asks of the autoscaler. Thread-safe; nothing waits for a replica. */
public interface Autoscaling {

  AlertMode alertMode();

  /**
   * An AlertManager tells of a function. Firing takes a step each time it is told; resolved goes
   * back to the minimum.
   *
   * @return one sentence of what came of it, for the platform's log
   * @throws dev.barista.api.FaasException {@code FUNCTION_NOT_FOUND}, or what the provider refuses
   */
  String alert(FunctionName function, boolean firing);

  /** All alerts of the built-in evaluation that are pending or firing first, by name. */
  List<AlertReport> alerts();

  /** How a function scales; empty when it isn't deployed. */
  Optional<ScalingReport> report(FunctionName function);

  /** Of every function that may go to zero, by name: whether it would now. */
  List<IdleReport> idle();
}
