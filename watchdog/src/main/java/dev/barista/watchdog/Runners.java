package dev.barista.watchdog;

import dev.barista.http.EventLoops;
import dev.barista.spawn.Environment;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.function.Consumer;

/** Makes the runner of a mode. */
final class Runners {

  private Runners() {}

  /**
   * @param environment what the function's processes have
   * @param died told why, if a process without which the watchdog is of no use has ended
   * @throws dev.barista.spawn.SpawnException if the mode starts a process and can't
   */
  static Runner start(
      WatchdogConfig config,
      Environment environment,
      WatchdogLog log,
      EventLoops loops,
      Consumer<String> died) {
    var childLogs = new ChildLogs(config.logs(), log, new FileOutputStream(FileDescriptor.out));
    return switch (config.mode()) {
      case Mode.Classic _ ->
          new BufferedRunner(
              config, new Forks(config, environment, childLogs), new ClassicAnswers(config, log));
      case Mode.Serializing _ ->
          new BufferedRunner(
              config,
              new Forks(config, environment, childLogs),
              new SerializingAnswers(config, log));
      case Mode.Streaming _ ->
          new StreamingRunner(config, new Forks(config, environment, childLogs), log);
      case Mode.Http http ->
          new HttpRunner(
              config,
              http,
              new FunctionProcess(config, environment, childLogs, log, died),
              loops,
              log);
      case Mode.Static(var folder) -> new StaticRunner(folder);
    };
  }
}
