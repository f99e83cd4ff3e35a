package dev.barista.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;

/** Small helps for what is printed. */
final class Output {

  private Output() {}

  /** picocli wants a writer. */
  static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, UTF_8), /* autoFlush= */ true);
  }
}
