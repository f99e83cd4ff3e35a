package dev.barista.cli.http;

import java.io.InputStream;

/** What a request carries. */
public sealed interface RequestBody {

  record None() implements RequestBody {}

  /** Sent with its length. */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Bytes(byte[] bytes) implements RequestBody {}

  /**
   * Sent with its length if it ends soon and is small, else in chunks as it comes, while the answer
   * is already being read. Read by a daemon thread until it ends.
   */
  record Stream(InputStream source) implements RequestBody {}
}
