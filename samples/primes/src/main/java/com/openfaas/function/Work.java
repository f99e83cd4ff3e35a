package com.openfaas.function;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The three things that a call does. */
final class Work {

  private Work() {}

  /** The highest prime below a limit, by the sieve of Eratosthenes; 0 when there is none. */
  static int highestPrimeBelow(int limit) {
    BitSet composite = new BitSet(limit);
    for (int i = 2; (long) i * i < limit; i++) {
      if (!composite.get(i)) {
        for (long multiple = (long) i * i; multiple < limit; multiple += i) {
          composite.set((int) multiple);
        }
      }
    }
    int highest = limit < 3 ? 0 : composite.previousClearBit(limit - 1);
    return Math.max(highest, 0);
  }

  /**
   * Pi, badly: the terms of Leibniz's series up to that many, each made by a thread of its own. 50
   * give 3.161199.
   */
  static double pi(int processes) throws InterruptedException, ExecutionException {
    List<Future<Double>> terms = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int k = 0; k <= processes; k++) {
        double index = k;
        terms.add(threads.submit(() -> 4 * (index % 2 == 0 ? 1 : -1) / (2 * index + 1)));
      }
    }
    double sum = 0;
    for (Future<Double> term : terms) {
      sum += term.get();
    }
    return sum;
  }
}
