package dev.barista.gateway.system;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.wire.AlertNotification;
import dev.barista.autoscaler.Autoscaling;
import dev.barista.http.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Handles the alerts of one notification, in their order and each for itself. Only an alert's own
 * status and its label {@code function_name} count, as with OpenFaaS's gateway; those without a
 * function are for others and passed over. Thread-safe.
 */
final class AlertReceiver {

  private static final System.Logger LOG = System.getLogger(AlertReceiver.class.getName());

  private static final int SHOWN_FAILURES = 5;

  private static final String FIRING = "firing";
  private static final String RESOLVED = "resolved";

  private final Autoscaling autoscaling;
  private final String defaultNamespace;

  AlertReceiver(Autoscaling autoscaling, String defaultNamespace) {
    this.autoscaling = autoscaling;
    this.defaultNamespace = defaultNamespace;
  }

  /**
   * @return 200 with a line for each alert
   * @throws FaasException {@code INTERNAL} naming the functions that could not be scaled, once all
   *     alerts were handled
   */
  Answer handle(List<AlertNotification.@Nullable Alert> alerts) {
    StringBuilder lines = new StringBuilder();
    List<String> failures = new ArrayList<>();
    for (AlertNotification.Alert alert : alerts) {
      String function = functionName(alert);
      if (alert != null && !function.isEmpty()) {
        lines.append(handle(function, alert.status(), failures)).append('\n');
      }
    }
    if (!failures.isEmpty()) {
      throw new FaasException(
          ErrorCode.INTERNAL,
          "autoscaler",
          "%d of %d alerts failed: %s"
              .formatted(
                  failures.size(),
                  alerts.size(),
                  failures.stream().limit(SHOWN_FAILURES).collect(Collectors.joining("; "))));
    }
    return Answer.text(200, lines.toString()).with("X-Content-Type-Options", "nosniff");
  }

  private static String functionName(AlertNotification.@Nullable Alert alert) {
    if (alert == null || alert.labels() == null || alert.labels().functionName() == null) {
      return "";
    }
    return alert.labels().functionName();
  }

  /** The line of one alert. */
  private String handle(String function, @Nullable String status, List<String> failures) {
    try {
      FunctionName name = FunctionName.parse(function, defaultNamespace);
      if (!FIRING.equals(status) && !RESOLVED.equals(status)) {
        return ignored(name + ": " + wrongStatus(status));
      }
      return autoscaling.alert(name, FIRING.equals(status));
    } catch (FaasException e) {
      boolean noSuchFunction =
          e.code() == ErrorCode.FUNCTION_NOT_FOUND || e.code() == ErrorCode.BAD_REQUEST;
      return noSuchFunction
          ? ignored(e.getMessage())
          : failed(function + ": " + e.getMessage(), e, failures);
    } catch (RuntimeException e) {
      return failed(function + ": the platform failed; its log has the cause", e, failures);
    }
  }

  private static String wrongStatus(@Nullable String status) {
    return FaasException.badField("status", status, "firing or resolved").getMessage();
  }

  private static String ignored(String line) {
    LOG.log(System.Logger.Level.WARNING, "[Scale] alert ignored: " + line);
    return line;
  }

  private static String failed(String line, RuntimeException failure, List<String> failures) {
    LOG.log(System.Logger.Level.ERROR, "[Scale] alert failed: " + line, failure);
    failures.add(line);
    return line;
  }
}
