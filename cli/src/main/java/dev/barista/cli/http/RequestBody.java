package dev.barista.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * What a request carries. Each kind makes its own sender rather than a switch over the kinds: a
 * pattern switch is linked at run time, which costs a fresh process 10 ms.
 */
public sealed interface RequestBody {

  /** Decides how it is framed; for a stream this waits until its beginning is there. */
  BodySender sender() throws IOException;

  record None() implements RequestBody {
    @Override
    public BodySender sender() {
      return new BodySender.Whole(new byte[0]);
    }
  }

  /** Sent with its length. */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Bytes(byte[] bytes) implements RequestBody {
    @Override
    public BodySender sender() {
      return new BodySender.Whole(bytes);
    }
  }

  /**
   * Sent with its length if it ends soon and is small, else in chunks as it comes, while the answer
   * is already being read. Read by a daemon thread until it ends.
   */
  record Stream(InputStream source) implements RequestBody {
    @Override
    public BodySender sender() throws IOException {
      return BodySender.ofStream(source);
    }
  }

  /**
   * A part of a file, sent with its length.
   *
   * @param sent told from time to time how many bytes have been sent
   */
  record FilePart(Path file, long from, long length, LongConsumer sent) implements RequestBody {
    @Override
    public BodySender sender() {
      return new BodySender.OfFile(this);
    }
  }
}
