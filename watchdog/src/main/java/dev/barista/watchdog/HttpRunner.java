package dev.barista.watchdog;

import dev.barista.http.EventLoops;
import dev.barista.http.Upstream;
import dev.barista.http.UpstreamConfig;

/** One process that serves HTTP: every call is passed on to it, streaming both ways. */
final class HttpRunner implements Runner {

  private final WatchdogConfig config;
  private final Mode.Http mode;
  private final WatchdogLog log;
  private final FunctionProcess process;
  private final Upstream upstream;

  /** Whether the process has ever accepted a connection: before, calls wait for it. */
  private volatile boolean reached;

  HttpRunner(
      WatchdogConfig config,
      Mode.Http mode,
      FunctionProcess process,
      EventLoops loops,
      WatchdogLog log) {
    this.config = config;
    this.mode = mode;
    this.log = log;
    this.process = process;
    this.upstream = Upstream.to(loops, mode.upstream(), UpstreamConfig.DEFAULT);
  }

  @Override
  public void run(Call call) {
    var forwarded = new HttpCall(call, this);
    if (mode.measureBody()) {
      forwarded.measureBody();
    } else {
      forwarded.start();
    }
  }

  @Override
  public void beginStop() {
    process.beginStop();
  }

  @Override
  public void close() {
    process.close();
    upstream.close();
  }

  WatchdogConfig config() {
    return config;
  }

  Mode.Http mode() {
    return mode;
  }

  Upstream upstream() {
    return upstream;
  }

  WatchdogLog log() {
    return log;
  }

  void reached() {
    reached = true;
  }

  boolean isReached() {
    return reached;
  }

  /** Whether it is worth waiting: the process runs and has not listened yet. */
  boolean isStarting() {
    return !reached && process.isRunning();
  }
}
