package dev.barista.http;

import dev.barista.concurrency.Deadline;
import org.jspecify.annotations.Nullable;

/** The one thing that an exchange does when its time is over. */
final class Expiry {

  // Mutable state; both or neither
  private @Nullable Deadline deadline;
  private @Nullable Runnable action;

  void set(Deadline until, Runnable then) {
    deadline = until;
    action = then;
  }

  void clear() {
    deadline = null;
    action = null;
  }

  void tick() {
    Deadline until = deadline;
    Runnable then = action;
    if (until != null && then != null && until.expired()) {
      clear();
      then.run();
    }
  }
}
