package dev.barista.provider.testkit;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.provider.spi.FunctionStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Keeps functions in memory; can be told to refuse every change. Thread-safe. */
public final class FakeFunctionStore implements FunctionStore {

  private final Map<FunctionName, StoredFunction> functions = new ConcurrentSkipListMap<>();

  // Mutable state
  private volatile boolean refusing;

  /** From now on {@link #save} and {@link #delete} throw, as a full disk makes them. */
  public void refuseChanges(boolean refuse) {
    refusing = refuse;
  }

  @Override
  public List<StoredFunction> load() {
    return List.copyOf(functions.values());
  }

  @Override
  public void save(StoredFunction function) {
    requireWritable();
    functions.put(function.spec().name(), function);
  }

  @Override
  public void delete(FunctionName name) {
    requireWritable();
    functions.remove(name);
  }

  private void requireWritable() {
    if (refusing) {
      throw new FaasException(ErrorCode.INTERNAL, "state", "the store refuses changes");
    }
  }
}
