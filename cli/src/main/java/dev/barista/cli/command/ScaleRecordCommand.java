package dev.barista.cli.command;

import dev.barista.api.FunctionName;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.json.JsonObject;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** {@code barista scale record}: writes a function's load, second by second, as a trace. */
final class ScaleRecordCommand extends GatewayCommand {

  private static final int MOST_SECONDS = 86_400;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Option.Count seconds =
      options.count(
          60, 1, MOST_SECONDS, "How long; 60 unless given. Ctrl-C ends it too.", "--seconds");

  ScaleRecordCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "scale record FUNCTION",
            """
            Write the load of a function second by second, as CSV, for "barista scale simulate":
              barista scale record figlet --seconds 120 > trace.csv\
            """,
            /* mostWords= */ 1));
  }

  /** What the platform has counted until an instant. */
  private record Reading(long nanos, double arrivals, double callSeconds, long ready) {}

  @Override
  int run() throws IOException {
    FunctionName name = function();
    Gateway gateway = gateway();
    Reading before = read(gateway, name);
    out.println("time,concurrency,rps,ready");
    for (int i = 0; i < seconds.value() && !out.checkError(); i++) {
      Instant second = nextSecond();
      Reading now = read(gateway, name);
      out.println(line(second, before, now));
      before = now;
    }
    return ExitCode.OK;
  }

  private static Reading read(Gateway gateway, FunctionName name) throws IOException {
    JsonObject report =
        GatewayAnswers.object(
            gateway, "/system/function/" + name.name() + "/scaling?namespace=" + name.namespace());
    return new Reading(
        System.nanoTime(),
        report.number("arrivals").orElse(0),
        report.number("callSeconds").orElse(0),
        report.count("ready"));
  }

  private static Instant nextSecond() throws IOException {
    Instant now = Instant.now();
    Instant next = now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    try {
      Thread.sleep(Duration.between(now, next));
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
    return next;
  }

  private static String line(Instant second, Reading before, Reading now) {
    double elapsed = (now.nanos() - before.nanos()) / NANOS_PER_SECOND;
    return String.format(
        Locale.ROOT,
        "%d,%.3f,%.3f,%d",
        second.getEpochSecond(),
        Math.max(0, now.callSeconds() - before.callSeconds()) / elapsed,
        Math.max(0, now.arrivals() - before.arrivals()) / elapsed,
        now.ready());
  }
}
