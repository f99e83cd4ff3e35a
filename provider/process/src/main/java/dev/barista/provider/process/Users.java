package dev.barista.provider.process;

import dev.barista.api.FunctionName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Gives each function a user of its own, which no account of the host has. The numbers are above
 * those that systemd and containers use (up to 1 879 048 191); each data folder has its own ten
 * thousand of them, so that two platforms on one host rarely share any. Thread-safe.
 */
final class Users {

  static final int FIRST = 1_900_000_000;
  private static final int PER_DATA_FOLDER = 10_000;
  private static final int DATA_FOLDERS = 20_000;

  private final int first;
  private final Map<FunctionName, Integer> byFunction = new HashMap<>();
  private final Set<Integer> given = new HashSet<>();

  Users(int dataFolderHash) {
    this.first = FIRST + Math.floorMod(dataFolderHash, DATA_FOLDERS) * PER_DATA_FOLDER;
  }

  /** Belongs to no function. */
  int spare() {
    return first;
  }

  synchronized int of(FunctionName function) {
    return byFunction.computeIfAbsent(function, _ -> take());
  }

  private int take() {
    for (int user = first + 1; user < first + PER_DATA_FOLDER; user++) {
      if (given.add(user)) {
        return user;
      }
    }
    throw new IllegalStateException("more than " + PER_DATA_FOLDER + " functions");
  }

  /** Whether it is, or was in an earlier start, the user of a function of this data folder. */
  boolean isOfFunction(int user) {
    return user > first && user < first + PER_DATA_FOLDER;
  }

  /** The function has no process any more. */
  synchronized void release(FunctionName function) {
    Integer user = byFunction.remove(function);
    if (user != null) {
      given.remove(user);
    }
  }
}
