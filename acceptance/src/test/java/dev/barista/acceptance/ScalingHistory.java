package dev.barista.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code serve} logged of one function's scaling, in order. */
record ScalingHistory(List<Change> changes) {

  private static final Pattern LINE =
      Pattern.compile("\\[Scale\\] function=(\\S+) (\\d+) => (\\d+): (.*)");

  /** One line. */
  record Change(int from, int to, String reason) {}

  static ScalingHistory of(Barista barista, String function) {
    List<Change> changes = new ArrayList<>();
    for (String line : barista.output()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.find() && matcher.group(1).equals(function + ".openfaas-fn")) {
        changes.add(
            new Change(
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                matcher.group(4)));
      }
    }
    return new ScalingHistory(changes);
  }

  /** The replicas that were asked for, one after the other. */
  List<Integer> replicas() {
    return changes.stream().map(Change::to).toList();
  }
}
