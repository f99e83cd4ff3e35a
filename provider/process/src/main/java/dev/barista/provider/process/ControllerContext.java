package dev.barista.provider.process;

import dev.barista.api.Enforcement;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.provider.spi.ProviderListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What every function's controller shares. Thread-safe. */
interface ControllerContext {

  Admission admission();

  ReplicaLauncher launcher();

  RunPlans plans();

  InstantSource clock();

  Timer timer();

  Patience patience();

  ProviderListener listener();

  /** Unique among all replicas, also those of earlier starts. */
  ReplicaId newId(FunctionName name);

  /** The uid of a function, where functions have one. */
  int user(FunctionName name);

  List<Enforcement> enforcement(FunctionSpec spec, Optional<RunPlan> plan);

  /** A replica of {@code controller} is gone, maybe the last. */
  void ended(FunctionController controller);

  /** Runs tasks later, without delaying each other. */
  interface Timer {
    void at(Instant time, Runnable task);
  }
}
