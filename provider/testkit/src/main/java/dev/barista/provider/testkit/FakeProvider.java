package dev.barista.provider.testkit;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.FunctionStatus;
import dev.barista.api.ReplicaId;
import dev.barista.api.ReplicaStatus;
import dev.barista.api.ScaleBounds;
import dev.barista.api.SecretName;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.provider.spi.FunctionStore;
import dev.barista.provider.spi.FunctionStore.StoredFunction;
import dev.barista.provider.spi.InvocationPolicy;
import dev.barista.provider.spi.LogQuery;
import dev.barista.provider.spi.LogStream;
import dev.barista.provider.spi.ProviderEvent.FunctionChanged;
import dev.barista.provider.spi.ProviderEvent.FunctionDeleted;
import dev.barista.provider.spi.ProviderInfo;
import dev.barista.provider.spi.ProviderListener;
import dev.barista.provider.spi.ProviderSecrets;
import dev.barista.provider.spi.ReplicaUsage;
import dev.barista.provider.spi.SecretStore;
import java.net.UnixDomainSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * A provider in memory that passes {@link FunctionProviderContract}. Its replicas are names with
 * the endpoints that a test gives; the test decides by image how they start ({@link #onStart}), and
 * makes them ready or crash. Events are delivered on the thread that caused them, before its method
 * returns (unless another thread is delivering). Thread-safe.
 */
public final class FakeProvider implements FunctionProvider {

  /** What the replicas of an image do when they are started. */
  public enum Start {
    /** Ready at once; the default. */
    READY,
    /** Starting until {@link FakeProvider#makeReady}. */
    HELD,
    /** Never ready: told as StartFailed. */
    FAILING,
    /** The image is refused at deploy and update. */
    REFUSED
  }

  private static final Instant CREATED_AT = Instant.parse("2026-01-01T00:00:00Z");

  private final FunctionStore store;
  private final ProviderSecrets secrets;
  private final EventQueue events = new EventQueue();
  private final FakeLogs logs = new FakeLogs();
  // The lock of this object guards everything below.
  private final Map<FunctionName, FakeFunction> functions = new TreeMap<>();
  private final Map<String, Start> starts = new HashMap<>();
  private final Map<Endpoint, ReplicaId> accepting = new HashMap<>();
  private final Map<ReplicaId, ReplicaUsage> used = new HashMap<>();

  // Mutable state
  private BiFunction<FunctionName, ReplicaId, Endpoint> endpoints = FakeProvider::anEndpoint;
  private InvocationPolicy policy = InvocationPolicy.NONE;
  private int replicasMade;
  private int scaleCalls;
  private boolean closed;

  /** With empty stores of its own. */
  public FakeProvider() {
    this(new FakeFunctionStore(), new FakeSecretStore());
  }

  public FakeProvider(FunctionStore store, SecretStore secrets) {
    this.store = requireNonNull(store, "store");
    this.secrets =
        new ProviderSecrets(
            secrets, () -> functions.values().stream().map(function -> function.stored().spec()));
  }

  private static Endpoint anEndpoint(FunctionName name, ReplicaId replica) {
    return new Endpoint(UnixDomainSocketAddress.of("/fake/" + name + "/" + replica));
  }

  /** Where replicas made from now on accept calls. */
  public synchronized FakeProvider withEndpoints(
      BiFunction<FunctionName, ReplicaId, Endpoint> endpoints) {
    this.endpoints = endpoints;
    return this;
  }

  /** Every replica made from now on accepts calls at {@code endpoint}. */
  public FakeProvider withEndpoint(Endpoint endpoint) {
    return withEndpoints((_, _) -> endpoint);
  }

  /** The policy told with each function from now on. */
  public synchronized FakeProvider withPolicy(InvocationPolicy policy) {
    this.policy = policy;
    return this;
  }

  /** How replicas of {@code image} start from now on. */
  public synchronized FakeProvider onStart(String image, Start start) {
    starts.put(image, start);
    return this;
  }

  /** Makes every starting replica of a function ready. */
  public void makeReady(FunctionName name) {
    change(name, FakeFunction::makeReady);
  }

  /** Tells that a function's starting replicas could not be started; they stay in back-off. */
  public void failStart(FunctionName name, String reason, List<String> lastLogLines) {
    change(name, function -> function.failStart(reason, lastLogLines));
  }

  /** Ends a ready replica as a crash does; it is started again, by its image's {@link Start}. */
  public void crash(FunctionName name, ReplicaId replica) {
    change(name, function -> function.crash(replica));
  }

  /** Adds a line to the log of a function, as if that replica had written it. */
  public void say(FunctionName name, ReplicaId replica, String line) {
    logs.add(name, replica, line);
  }

  /** What a replica has used from now on; one of which nothing is said has used nothing. */
  public synchronized FakeProvider use(ReplicaId replica, long cpuNanos, long memoryBytes) {
    used.put(
        replica,
        new ReplicaUsage(replica, OptionalLong.of(cpuNanos), OptionalLong.of(memoryBytes)));
    return this;
  }

  /** Whether a replica that accepts calls stands behind {@code endpoint}. */
  public synchronized boolean accepts(Endpoint endpoint) {
    return accepting.containsKey(endpoint);
  }

  /** How often {@link #scale} was called and not refused. */
  public synchronized int scaleCalls() {
    return scaleCalls;
  }

  @Override
  public ProviderInfo info() {
    return new ProviderInfo("fake", "fake", "0", "none");
  }

  @Override
  public void start(ProviderListener listener) {
    synchronized (this) {
      events.open(listener);
      for (StoredFunction stored : store.load()) {
        add(stored);
      }
    }
    events.deliver();
  }

  @Override
  public void deploy(FunctionSpec spec) {
    synchronized (this) {
      requireOpen();
      if (functions.containsKey(spec.name())) {
        throw new FaasException(
            ErrorCode.FUNCTION_EXISTS, "provider", "function " + spec.name() + " exists already");
      }
      int replicas = ScaleBounds.of(spec).min();
      requireRunnable(spec);
      StoredFunction stored = new StoredFunction(spec, replicas, CREATED_AT);
      secrets.whileThere(spec, () -> store.save(stored));
      add(stored);
    }
    events.deliver();
  }

  @Override
  public void update(FunctionSpec spec) {
    change(
        spec.name(),
        function -> {
          int min = ScaleBounds.of(spec).min();
          requireRunnable(spec);
          int replicas = ScaleBounds.givesMin(spec) ? min : function.stored().desiredReplicas();
          StoredFunction stored = new StoredFunction(spec, replicas, function.stored().createdAt());
          secrets.whileThere(spec, () -> store.save(stored));
          function.renew();
          apply(function, stored);
        });
  }

  @Override
  public void delete(FunctionName name) {
    change(
        name,
        function -> {
          store.delete(name);
          functions.remove(name);
          function.drainAll();
          events.add(new FunctionDeleted(name));
          logs.end(name);
        });
  }

  @Override
  public void scale(FunctionName name, int replicas) {
    change(
        name,
        function -> {
          if (replicas < 0) {
            throw FaasException.badField("replicas", replicas, "0 or more");
          }
          scaleTo(function, replicas);
        });
  }

  @Override
  public void wake(FunctionName name, int replicas) {
    change(
        name,
        function -> {
          if (function.stored().desiredReplicas() == 0) {
            scaleTo(function, replicas);
          }
        });
  }

  private void scaleTo(FakeFunction function, int replicas) {
    StoredFunction stored = function.stored();
    scaleCalls++;
    StoredFunction scaled = new StoredFunction(stored.spec(), replicas, stored.createdAt());
    store.save(scaled);
    apply(function, scaled);
  }

  @Override
  public synchronized Optional<FunctionStatus> status(FunctionName name) {
    return Optional.ofNullable(functions.get(name)).map(FakeFunction::status);
  }

  @Override
  public synchronized List<FunctionStatus> list(String namespace) {
    return functions.values().stream()
        .filter(function -> function.stored().spec().name().namespace().equals(namespace))
        .map(FakeFunction::status)
        .sorted(comparing(status -> status.spec().name()))
        .toList();
  }

  @Override
  public synchronized List<ReplicaUsage> usage(FunctionName name) {
    return status(name).stream()
        .flatMap(status -> status.replicas().stream())
        .filter(replica -> replica.state() != ReplicaStatus.State.BACK_OFF)
        .map(ReplicaStatus::id)
        .map(id -> used.getOrDefault(id, nothing(id)))
        .toList();
  }

  private static ReplicaUsage nothing(ReplicaId id) {
    return new ReplicaUsage(id, OptionalLong.of(0), OptionalLong.of(0));
  }

  @Override
  public List<String> secrets(String namespace) {
    return secrets.names(namespace);
  }

  @Override
  public void createSecret(SecretName name, byte[] value) {
    secrets.create(name, value);
  }

  @Override
  public void updateSecret(SecretName name, byte[] value) {
    secrets.update(name, value);
  }

  @Override
  public synchronized void deleteSecret(SecretName name) {
    secrets.delete(name);
  }

  /** What a replica that is started now would find. */
  public Optional<byte[]> secret(SecretName name) {
    return secrets.read(name);
  }

  @Override
  public LogStream logs(LogQuery query) {
    if (status(query.function()).isEmpty()) {
      throw FaasException.functionNotFound(query.function());
    }
    return logs.read(query);
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      List<FakeFunction> ending = new ArrayList<>(functions.values());
      functions.clear();
      ending.forEach(FakeFunction::endAll);
      accepting.clear();
    }
    logs.endAll();
    events.deliver();
  }

  private void change(FunctionName name, Consumer<FakeFunction> change) {
    synchronized (this) {
      requireOpen();
      FakeFunction function = functions.get(name);
      if (function == null) {
        throw FaasException.functionNotFound(name);
      }
      change.accept(function);
    }
    events.deliver();
  }

  private void add(StoredFunction stored) {
    FakeFunction function = new FakeFunction(stored, new World());
    functions.put(stored.spec().name(), function);
    tellChange(stored);
    function.reconcile();
  }

  private void apply(FakeFunction function, StoredFunction stored) {
    function.set(stored);
    tellChange(stored);
    function.reconcile();
  }

  private void tellChange(StoredFunction stored) {
    events.add(new FunctionChanged(stored.spec(), policy, stored.desiredReplicas()));
  }

  private void requireRunnable(FunctionSpec spec) {
    if (starts.get(spec.image()) == Start.REFUSED) {
      throw new FaasException(
          ErrorCode.IMAGE_INVALID, "provider", "image " + spec.image() + " can't run here");
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new FaasException(ErrorCode.DRAINING, "provider", "the provider is closed");
    }
  }

  /** What a function needs of its provider. Used under the provider's lock only. */
  final class World {

    Start start(String image) {
      return starts.getOrDefault(image, Start.READY);
    }

    ReplicaId newId(FunctionName name) {
      return new ReplicaId(name.name() + "-" + ++replicasMade);
    }

    Endpoint accept(FunctionName name, ReplicaId replica) {
      Endpoint endpoint = endpoints.apply(name, replica);
      accepting.put(endpoint, replica);
      return endpoint;
    }

    void say(FunctionName name, ReplicaId replica, List<String> lines) {
      lines.forEach(line -> logs.add(name, replica, line));
    }

    void refuse(Endpoint endpoint, ReplicaId replica) {
      accepting.remove(endpoint, replica);
    }

    EventQueue events() {
      return events;
    }

    /** For what the platform calls back: takes the provider's lock, then tells. */
    void later(Runnable change) {
      synchronized (FakeProvider.this) {
        change.run();
      }
      events.deliver();
    }
  }
}
