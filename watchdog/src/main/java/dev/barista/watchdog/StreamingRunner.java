package dev.barista.watchdog;

import dev.barista.spawn.Environment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A process per call: the body flows into its stdin and its stdout to the client, at the speed of
 * the slowest of the three. Neither is kept.
 */
final class StreamingRunner implements Runner {

  private final WatchdogConfig config;
  private final WatchdogLog log;
  private final Forks forks;
  private final MemoryKills memoryKills;
  private final Set<StreamedCall> running = ConcurrentHashMap.newKeySet();

  StreamingRunner(WatchdogConfig config, Forks forks, WatchdogLog log) {
    this.config = config;
    this.log = log;
    this.forks = forks;
    this.memoryKills = new MemoryKills(config.calls());
  }

  @Override
  public void run(Call call) {
    Environment variables;
    try {
      variables = forks.variables(call);
    } catch (IllegalArgumentException refusal) {
      call.exchange().respond(Reply.sentence(400, String.valueOf(refusal.getMessage())));
      call.ended().accept(400);
      return;
    }
    var streamed = new StreamedCall(call, this);
    running.add(streamed);
    streamed.start(variables);
  }

  @Override
  public void close() {
    running.forEach(StreamedCall::cancel);
    forks.close();
  }

  void forget(StreamedCall call) {
    running.remove(call);
  }

  WatchdogConfig config() {
    return config;
  }

  WatchdogLog log() {
    return log;
  }

  Forks forks() {
    return forks;
  }

  MemoryKills memoryKills() {
    return memoryKills;
  }
}
