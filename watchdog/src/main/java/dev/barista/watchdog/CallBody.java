package dev.barista.watchdog;

import dev.barista.http.Exchange;
import dev.barista.spawn.PipeOutput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a call's process reads. Small bodies are read before the process starts, so that it never
 * waits for a slow client, and fit into its pipe; larger ones are passed on as they come.
 */
final class CallBody {

  /** What a pipe holds. */
  private static final int SMALL_BYTES = 64 << 10;

  private final Exchange exchange;
  private final boolean marshalled;
  private final boolean present;
  private final byte @Nullable [] small;

  private CallBody(
      Exchange exchange, boolean marshalled, boolean present, byte @Nullable [] small) {
    this.exchange = exchange;
    this.marshalled = marshalled;
    this.present = present;
    this.small = small;
  }

  /**
   * @param marshalled whether the head is part of it, as JSON
   * @throws IOException if the client goes while its small body is read
   */
  static CallBody of(Exchange exchange, boolean marshalled) throws IOException {
    boolean chunked = exchange.head().header("Transfer-Encoding").isPresent();
    // The listener has refused what is no number.
    long length = exchange.head().header("Content-Length").map(Long::parseLong).orElse(0L);
    boolean isSmall = !chunked && length <= SMALL_BYTES;
    byte @Nullable [] small = null;
    if (isSmall) {
      small = length == 0 ? new byte[0] : exchange.body(SMALL_BYTES);
    }
    return new CallBody(exchange, marshalled, marshalled || chunked || length > 0, small);
  }

  boolean isPresent() {
    return present;
  }

  /**
   * Writes everything to the process, and closes its stdin. That a process doesn't read it all is
   * no failure.
   *
   * @throws IOException if the rest of the body doesn't come: then the process is killed, as it
   *     would take what it has for all of it
   */
  void feed(ForkedCall call) throws IOException {
    Optional<PipeOutput> stdin = call.input();
    if (stdin.isEmpty()) {
      return;
    }
    try (PipeOutput input = stdin.get()) {
      copyTo(input);
    } catch (PipeOutput.PipeClosedException _) {
      // Not interested, or killed: the outcome tells.
    } catch (IOException | RuntimeException failure) {
      call.cancel();
      call.await();
      throw failure;
    }
  }

  private void copyTo(OutputStream input) throws IOException {
    byte[] whole = small;
    InputStream body = whole != null ? new ByteArrayInputStream(whole) : exchange.body();
    if (marshalled) {
      MarshalledRequest.write(exchange.head().headers(), body, input);
    } else if (whole != null) {
      input.write(whole, 0, whole.length);
    } else {
      body.transferTo(input);
    }
  }
}
