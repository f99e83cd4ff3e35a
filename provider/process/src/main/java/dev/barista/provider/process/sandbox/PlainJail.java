package dev.barista.provider.process.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Level none: limits and an environment of its own, as the platform's user.
 *
 * @param setpriv makes the replica end with the platform, where it is installed
 */
record PlainJail(Optional<Path> setpriv) implements Jail {

  @Override
  public IsolationLevel level() {
    return IsolationLevel.NONE;
  }

  @Override
  public List<String> commandLine(JailSpec spec, Map<String, String> environment) {
    List<String> line = new ArrayList<>(Jail.join(spec));
    setpriv.ifPresent(tool -> line.addAll(List.of(tool.toString(), "--pdeathsig=KILL", "--")));
    line.addAll(enter(spec.folders().environment(), spec, environment));
    return line;
  }
}
