package dev.barista.autoscaler;

import dev.barista.api.FunctionName;

/** Port: asynchronous calls of a function that wait in the queue. Thread-safe. */
@FunctionalInterface
public interface PendingCalls {

  long pending(FunctionName function);
}
