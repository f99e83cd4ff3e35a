package dev.barista.cli.push;

import dev.barista.image.TransferListener;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A line for each blob when it has gone over; for a large one a line for each quarter. Lines rather
 * than a moving bar: they read the same in a terminal and in a log. Thread-safe.
 */
final class TransferLines implements TransferListener {

  private static final long LARGE = 8L << 20;
  private static final int QUARTERS = 4;
  private static final int SHORT_DIGEST = "sha256:".length() + 12;
  private static final double UNIT = 1024;

  private final Consumer<String> lines;

  // Mutable state: digest → quarters told; guarded by this
  private final Map<String, Integer> told = new HashMap<>();

  TransferLines(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public synchronized void progress(String digest, long bytes, long total) {
    int quarters = total == 0 ? QUARTERS : (int) (bytes * QUARTERS / total);
    if (quarters <= told.getOrDefault(digest, 0) || (total < LARGE && bytes < total)) {
      return;
    }
    told.put(digest, quarters);
    String of = bytes < total ? quarters * 100 / QUARTERS + "% of " : "";
    lines.accept("  " + digest.substring(0, SHORT_DIGEST) + "  " + of + size(total));
  }

  @Override
  public synchronized void known(String digest, long total) {
    lines.accept("  " + digest.substring(0, SHORT_DIGEST) + "  is there already");
  }

  static String size(long bytes) {
    if (bytes < UNIT) {
      return bytes + " B";
    }
    double kib = bytes / UNIT;
    return kib < UNIT
        ? String.format(Locale.ROOT, "%.1f KiB", kib)
        : String.format(Locale.ROOT, "%.1f MiB", kib / UNIT);
  }
}
