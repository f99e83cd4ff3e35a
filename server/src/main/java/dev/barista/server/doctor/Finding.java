package dev.barista.server.doctor;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing that was looked at.
 *
 * @param found what is there
 * @param cost what doesn't work because of it; empty when all is well
 * @param mend what to do; empty when all is well
 */
record Finding(String subject, Verdict verdict, String found, String cost, String mend) {

  /** How bad it is. */
  enum Verdict {
    OK("ok"),
    /** Barista runs, with something less. */
    GAP("gap"),
    /** {@code barista serve} will not start, or lose data. */
    STOP("stop");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  Finding {
    requireNonNull(subject, "subject");
    requireNonNull(verdict, "verdict");
    requireNonNull(found, "found");
    requireNonNull(cost, "cost");
    requireNonNull(mend, "mend");
  }

  static Finding ok(String subject, String found) {
    return new Finding(subject, Verdict.OK, found, "", "");
  }

  static Finding gap(String subject, String found, String cost, String mend) {
    return new Finding(subject, Verdict.GAP, found, cost, mend);
  }

  static Finding stop(String subject, String found, String cost, String mend) {
    return new Finding(subject, Verdict.STOP, found, cost, mend);
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("subject", subject);
    json.put("verdict", verdict.word());
    json.put("found", found);
    if (!cost.isEmpty()) {
      json.put("cost", cost);
      json.put("mend", mend);
    }
    return json;
  }
}
