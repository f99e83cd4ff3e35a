package dev.barista.gateway.system;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.FunctionStatus;
import dev.barista.api.wire.DeleteFunctionRequest;
import dev.barista.api.wire.FunctionDeployment;
import dev.barista.api.wire.FunctionDescription;
import dev.barista.api.wire.ScaleFunctionRequest;
import dev.barista.api.wire.SystemInfo;
import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.provider.spi.ProviderInfo;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Handlers of {@code /system} and {@code /healthz}, each for one route. A mutation is answered 202
 * with nothing when the provider has made the desired state durable. Thread-safe.
 */
public final class SystemApi {

  private static final Answer ACCEPTED = Answer.empty(202);

  private final FunctionProvider provider;
  private final ToDoubleFunction<FunctionName> invocationCounts;
  private final JsonBodies json;
  private final SystemConfig config;
  private final ScalingLabels scaling;
  private final Names names;
  private final UsageMeter usage;

  /**
   * @param invocationCounts completed invocations of a function since the gateway's start
   */
  public SystemApi(
      FunctionProvider provider,
      ToDoubleFunction<FunctionName> invocationCounts,
      JsonBodies json,
      SystemConfig config) {
    this.provider = provider;
    this.invocationCounts = invocationCounts;
    this.json = json;
    this.config = config;
    this.scaling = new ScalingLabels(config.maxReplicas());
    this.names = new Names(config.defaultNamespace());
    this.usage = UsageMeter.of(provider);
  }

  /** {@code GET /system/functions}. */
  public void list(Exchange exchange) throws IOException {
    List<FunctionDescription> functions =
        provider.list(names.namespace(null, exchange)).stream()
            .map(status -> FunctionDescription.listed(status, count(status)))
            .toList();
    exchange.respond(json.answer(200, functions));
  }

  /** {@code GET /system/function/NAME}; with {@code usage=1} what its replicas use as well. */
  public void status(Exchange exchange) throws IOException {
    FunctionName name = names.function(exchange.pathVariable("name"), null, exchange);
    FunctionStatus status =
        provider.status(name).orElseThrow(() -> FaasException.functionNotFound(name));
    FunctionDescription.Usage used =
        exchange
            .query("usage")
            .filter(SystemApi::isYes)
            .flatMap(_ -> usage.usage(name))
            .orElse(null);
    exchange.respond(json.answer(200, FunctionDescription.full(status, count(status), used)));
  }

  private static boolean isYes(String text) {
    return text.equals("1") || text.equals("true");
  }

  /** {@code POST /system/functions}. */
  public void deploy(Exchange exchange) throws IOException {
    provider.deploy(spec(exchange));
    exchange.respond(ACCEPTED);
  }

  /** {@code PUT /system/functions}. */
  public void update(Exchange exchange) throws IOException {
    provider.update(spec(exchange));
    exchange.respond(ACCEPTED);
  }

  /** {@code DELETE /system/functions}. */
  public void delete(Exchange exchange) throws IOException {
    DeleteFunctionRequest request = json.read(exchange, DeleteFunctionRequest.class);
    if (request.functionName() == null || request.functionName().isEmpty()) {
      throw FaasException.badField(
          "functionName", request.functionName(), "the name of the function to delete");
    }
    provider.delete(
        names.function("functionName", request.functionName(), request.namespace(), exchange));
    exchange.respond(ACCEPTED);
  }

  /** {@code POST /system/scale-function/NAME}. */
  public void scale(Exchange exchange) throws IOException {
    ScaleFunctionRequest request = json.read(exchange, ScaleFunctionRequest.class);
    FunctionName name =
        names.function(exchange.pathVariable("name"), request.namespace(), exchange);
    requireSame(name, request.serviceName());
    if (request.replicas() == null) {
      throw FaasException.badField("replicas", null, "0 to " + config.maxReplicas());
    }
    provider.scale(name, scaling.replicas(request.replicas()));
    exchange.respond(ACCEPTED);
  }

  /** {@code GET /system/info}. */
  public void info(Exchange exchange) throws IOException {
    ProviderInfo info = provider.info();
    SystemInfo.Provider shown =
        new SystemInfo.Provider(
            info.name(),
            new SystemInfo.Version(null, info.release(), info.sha()),
            info.orchestration());
    exchange.respond(json.answer(200, new SystemInfo(shown, config.version(), arch())));
  }

  /** {@code GET /healthz}. */
  public void health(Exchange exchange) throws IOException {
    exchange.respond(Answer.text(200, "OK"));
  }

  private FunctionSpec spec(Exchange exchange) throws IOException {
    FunctionDeployment deployment = json.read(exchange, FunctionDeployment.class);
    FunctionSpec spec =
        deployment.toSpec(
            exchange
                .query("namespace")
                .filter(text -> !text.isEmpty())
                .orElse(config.defaultNamespace()));
    scaling.check(spec);
    return spec;
  }

  private void requireSame(FunctionName name, @Nullable String serviceName) {
    if (serviceName == null || serviceName.isEmpty()) {
      return;
    }
    if (!serviceName.equals(name.name()) && !serviceName.equals(name.toString())) {
      throw FaasException.badField("serviceName", serviceName, "that of the path, " + name.name());
    }
  }

  private double count(FunctionStatus status) {
    return invocationCounts.applyAsDouble(status.spec().name());
  }

  /** As uname writes it. */
  private static String arch() {
    String arch = System.getProperty("os.arch", "unknown").toLowerCase(Locale.ROOT);
    return arch.equals("amd64") ? "x86_64" : arch;
  }
}
