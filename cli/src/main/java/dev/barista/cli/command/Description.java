package dev.barista.cli.command;

import dev.barista.api.Printable;
import dev.barista.cli.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The text of {@code barista describe}. */
final class Description {

  private static final int LABEL_WIDTH = 21;

  private static final int BYTES_PER_MEGABYTE = 1_000_000;

  private final StringBuilder text = new StringBuilder(512);

  private Description() {}

  static String of(String url, JsonObject status) {
    Description description = new Description();
    description.head(url, status);
    description.replicas(status.objects("replicaStatus"));
    description.bounds(status.objects("enforcement"));
    return description.text.toString();
  }

  private void head(String url, JsonObject status) {
    long available = status.count("availableReplicas");
    line("Name", ListCommand.nameOf(status));
    line("Namespace", status.text("namespace").orElse(""));
    line("Status", available > 0 ? "Ready" : "Not Ready");
    line("Replicas", Long.toString(status.count("replicas")));
    line("Available Replicas", Long.toString(available));
    usage(status.object("usage"));
    line("Invocations", Long.toString(status.count("invocationCount")));
    line("Image", status.text("image").orElse(""));
    status.text("envProcess").ifPresent(process -> line("Function Process", process));
    line("URL", url);
    line("Created", status.text("createdAt").orElse(""));
    lines("Labels", pairs(status.object("labels")));
    lines("Annotations", pairs(status.object("annotations")));
    lines("Environment", pairs(status.object("envVars")));
    lines("Constraints", status.texts("constraints"));
    lines("Secrets", status.texts("secrets"));
    lines("Requests", pairs(status.object("requests")));
    lines("Limits", pairs(status.object("limits")));
  }

  private void usage(JsonObject usage) {
    if (!usage.members().isEmpty()) {
      line("CPU in use", usage.count("cpu") + "m");
      line("Memory in use", usage.count("totalMemoryBytes") / BYTES_PER_MEGABYTE + " MB");
    }
  }

  private void replicas(List<JsonObject> replicas) {
    if (replicas.isEmpty()) {
      return;
    }
    TextTable table = new TextTable("Replica", "State", "Restarts", "Reason");
    for (JsonObject replica : replicas) {
      table.row(
          Printable.line(id(replica)),
          replica.shown("state"),
          Long.toString(replica.count("restarts")),
          replica.shown("reason"));
    }
    text.append('\n').append(table);
    for (JsonObject replica : replicas) {
      List<String> lines = replica.texts("lastLogLines");
      if (!lines.isEmpty()) {
        text.append("\nLast lines of ")
            .append(Printable.line(id(replica)))
            .append(" before it ended:\n");
        lines.forEach(line -> text.append("  ").append(Printable.line(line)).append('\n'));
      }
    }
  }

  private void bounds(List<JsonObject> bounds) {
    if (bounds.isEmpty()) {
      return;
    }
    TextTable table = new TextTable("Bound", "Requested", "Enforced");
    for (JsonObject bound : bounds) {
      table.row(bound.shown("bound"), bound.shown("requested"), bound.shown("enforced"));
    }
    text.append('\n').append(table);
  }

  /** A text, or an object with one. */
  private static String id(JsonObject replica) {
    return replica.text("id").or(() -> replica.object("id").text("value")).orElse("");
  }

  private static List<String> pairs(JsonObject object) {
    List<String> pairs = new ArrayList<>();
    for (Map.Entry<String, Object> member : object.members().entrySet()) {
      pairs.add(member.getKey() + ": " + member.getValue());
    }
    return pairs;
  }

  private void line(String label, String value) {
    if (!value.isEmpty()) {
      text.append(label).append(':').repeat(' ', LABEL_WIDTH - label.length() - 1);
      text.append(Printable.line(value)).append('\n');
    }
  }

  private void lines(String label, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      if (i == 0) {
        line(label, values.get(i));
      } else {
        text.repeat(' ', LABEL_WIDTH).append(Printable.line(values.get(i))).append('\n');
      }
    }
  }
}
