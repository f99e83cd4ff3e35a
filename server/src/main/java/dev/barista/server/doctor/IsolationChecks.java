package dev.barista.server.doctor;

import dev.barista.cgroup.CgroupFinder;
import dev.barista.cgroup.CgroupFinder.Survey;
import dev.barista.cgroup.Cgroups;
import dev.barista.provider.process.sandbox.IsolationLevel;
import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.provider.process.sandbox.Jail;
import dev.barista.provider.process.sandbox.JailFinder;
import dev.barista.provider.process.sandbox.ReplicaFolders;
import dev.barista.provider.process.sandbox.Tools;
import dev.barista.spawn.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What holds functions in: cgroups for limits, bubblewrap for isolation. */
final class IsolationChecks {

  /** Belongs to nobody; for the trial of an isolation only. */
  private static final int TRIAL_USER = 1_899_999_999;

  private static final String UNTRUSTED =
      "function code is as trusted as the gateway: it can read files and reach other functions";

  private IsolationChecks() {}

  static List<Finding> run() throws IOException {
    List<Finding> findings = new ArrayList<>();
    findings.add(cgroups(CgroupFinder.survey()));
    Tools tools = Tools.find();
    findings.add(
        tools
            .bubblewrap()
            .map(path -> Finding.ok("bubblewrap", path.toString()))
            .orElseGet(
                () ->
                    Finding.gap(
                        "bubblewrap",
                        "not installed",
                        UNTRUSTED,
                        "install it (Debian: apt install bubblewrap)")));
    findings.addAll(namespaces());
    findings.add(isolation(tools));
    return findings;
  }

  static Finding cgroups(Survey survey) {
    Set<Cgroups.Bound> missing = EnumSet.allOf(Cgroups.Bound.class);
    missing.removeAll(survey.enforceable());
    if (missing.isEmpty()) {
      return Finding.ok("cgroups", survey.sentence());
    }
    String bounds =
        missing.stream()
            .map(bound -> bound.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return Finding.gap(
        "cgroups",
        survey.sentence(),
        "limits on " + bounds + " are not kept",
        "start as root, or with systemd-run --user --scope -p Delegate=yes ./barista serve");
  }

  /** Bubblewrap makes them without root only where the kernel lets it. */
  private static List<Finding> namespaces() throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (String file : List.of("user/max_user_namespaces", "kernel/unprivileged_userns_clone")) {
      Path setting = Path.of("/proc/sys").resolve(file);
      if (Files.isReadable(setting) && Files.readString(setting).strip().equals("0")) {
        findings.add(
            Finding.gap(
                "namespaces",
                setting + " is 0",
                "a user other than root gets no sandbox",
                "sysctl -w " + file.replace('/', '.') + "=1 (or a larger number)"));
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.ok("namespaces", "user namespaces are allowed"))
        : findings;
  }

  private static Finding isolation(Tools tools) throws IOException {
    Path folder =
        Files.createTempDirectory(
            "barista-doctor",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
    try (Spawner spawner = Spawner.start("doctor-spawner")) {
      boolean root = Files.getAttribute(folder, "unix:uid").equals(0);
      JailFinder finder =
          new JailFinder(tools, root, spawner, folder, folder.resolve("sandbox"), () -> {});
      return switch (finder.find(IsolationRequest.AUTO, TRIAL_USER)) {
        case JailFinder.Found.Works(Jail jail, String note) -> isolation(jail.level(), note);
        case JailFinder.Found.Refused(String reason) ->
            Finding.gap("isolation", reason, UNTRUSTED, "see " + reason);
      };
    } finally {
      ReplicaFolders.removeTree(folder);
    }
  }

  private static Finding isolation(IsolationLevel level, String note) {
    return level == IsolationLevel.SANDBOX
        ? Finding.ok("isolation", "sandbox works")
        : Finding.gap("isolation", level.wireName() + ", no sandbox: " + note, UNTRUSTED, note);
  }
}
