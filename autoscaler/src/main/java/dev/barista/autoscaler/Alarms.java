package dev.barista.autoscaler;

import static java.util.Comparator.comparing;

import dev.barista.api.FunctionName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * When functions that are at rest have to be looked at again. One alarm a function: a later one
 * replaces it. Used by the loop's thread.
 */
final class Alarms {

  private record Alarm(Instant at, FunctionName function) {}

  private final TreeSet<Alarm> byTime =
      new TreeSet<>(comparing(Alarm::at).thenComparing(Alarm::function));
  private final Map<FunctionName, Alarm> byFunction = new HashMap<>();

  void set(FunctionName function, Instant at) {
    Alarm alarm = new Alarm(at, function);
    Alarm before = byFunction.put(function, alarm);
    if (before != null) {
      byTime.remove(before);
    }
    byTime.add(alarm);
  }

  /** Nothing happens when it has none. */
  void drop(FunctionName function) {
    Alarm alarm = byFunction.remove(function);
    if (alarm != null) {
      byTime.remove(alarm);
    }
  }

  /** Takes out what is due. */
  List<FunctionName> due(Instant now) {
    List<FunctionName> due = new ArrayList<>();
    while (!byTime.isEmpty() && !byTime.getFirst().at().isAfter(now)) {
      Alarm alarm = byTime.removeFirst();
      byFunction.remove(alarm.function());
      due.add(alarm.function());
    }
    return due;
  }
}
