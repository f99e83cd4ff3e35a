package dev.barista.provider.process.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Level user: limits, and a user of its own per function, without capabilities.
 *
 * @param setpriv the program that changes the user
 */
record UserJail(Path setpriv) implements Jail {

  @Override
  public IsolationLevel level() {
    return IsolationLevel.USER;
  }

  @Override
  public List<String> commandLine(JailSpec spec, Map<String, String> environment) {
    List<String> line = new ArrayList<>(Jail.join(spec));
    line.addAll(Jail.dropTo(setpriv, spec.user().orElseThrow()));
    line.addAll(enter(spec.folders().environment(), spec, environment));
    return line;
  }
}
