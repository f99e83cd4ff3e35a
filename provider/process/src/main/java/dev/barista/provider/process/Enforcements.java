package dev.barista.provider.process;

import dev.barista.api.Enforcement;
import dev.barista.api.FunctionSpec;
import dev.barista.cgroup.Cgroups;
import dev.barista.cgroup.Cgroups.Bound;
import dev.barista.provider.process.RunPlan.Kind;
import dev.barista.provider.process.sandbox.IsolationLevel;
import dev.barista.provider.process.sandbox.IsolationRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Tells what was asked for and what is really kept on this host.
 *
 * @param boundsProcesses whether isolation does so itself, without a cgroup
 * @param isolationNote why the level is no stronger one; empty for the strongest
 */
record Enforcements(
    IsolationRequest isolationRequest,
    IsolationLevel isolation,
    String isolationNote,
    boolean boundsProcesses,
    Cgroups cgroups,
    int processesPerReplica) {

  List<Enforcement> of(FunctionSpec spec, Optional<RunPlan> plan) {
    List<Enforcement> all = new ArrayList<>();
    all.add(
        new Enforcement(
            "isolation",
            isolationRequest.name().toLowerCase(Locale.ROOT),
            isolation.wireName() + inBrackets(isolationNote)));
    spec.limits().memory().ifPresent(limit -> all.add(kept("limits.memory", limit, Bound.MEMORY)));
    spec.limits().cpu().ifPresent(limit -> all.add(kept("limits.cpu", limit, Bound.CPU)));
    all.add(processes());
    if (spec.readOnlyRootFilesystem()) {
      all.add(
          new Enforcement(
              "readOnlyRootFilesystem",
              "true",
              isolation == IsolationLevel.SANDBOX ? "true" : "none (needs isolation 'sandbox')"));
    }
    if (!spec.secrets().isEmpty()) {
      all.add(
          new Enforcement(
              "secrets",
              "/var/openfaas/secrets",
              isolation == IsolationLevel.SANDBOX
                  ? "/var/openfaas/secrets"
                  : "the folder in BARISTA_SECRETS (another place needs isolation 'sandbox')"));
    }
    if (!spec.constraints().isEmpty()) {
      all.add(
          new Enforcement(
              "constraints",
              String.join(", ", spec.constraints()),
              "none (this host is the only node)"));
    }
    plan.map(RunPlan::kind).ifPresent(kind -> all.add(endpoint(kind)));
    return all;
  }

  private Enforcement processes() {
    String bound = Integer.toString(processesPerReplica);
    return boundsProcesses
        ? new Enforcement("processes", bound, bound)
        : kept("processes", bound, Bound.PROCESSES);
  }

  private Enforcement kept(String bound, String requested, Bound kind) {
    return new Enforcement(
        bound,
        requested,
        cgroups.enforced().contains(kind) ? requested : "none (" + cgroups.description() + ")");
  }

  private static Enforcement endpoint(Kind kind) {
    return new Enforcement(
        "endpoint",
        "reachable for the gateway only",
        switch (kind) {
          case Kind.OwnSocket _, Kind.Watchdog _ -> "reachable for the gateway only";
          case Kind.OwnPort(OptionalInt fixed) ->
              fixed.isPresent()
                  ? "none (it listens on TCP port "
                      + fixed.getAsInt()
                      + ", so only one replica can run)"
                  : "none (it listens on TCP, which every process of this host can reach)";
        });
  }

  private static String inBrackets(String note) {
    return note.isEmpty() ? "" : " (" + note + ")";
  }
}
