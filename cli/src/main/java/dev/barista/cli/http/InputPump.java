package dev.barista.cli.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads a stream on a daemon thread, block by block, and sends it on. A thread is needed because a
 * read of standard input can't be given up. Holds a bounded number of blocks.
 */
final class InputPump {

  private static final int BLOCK_BYTES = 16 << 10;
  private static final int MAX_BLOCKS = 16;

  /** What fits into it is sent with its length, which every server understands. */
  private static final int BEGINNING_BYTES = 64 << 10;

  /** A pause longer than this means that somebody types or produces slowly. */
  private static final long PAUSE_MILLIS = 50;

  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> blocks = new ArrayBlockingQueue<>(MAX_BLOCKS);

  InputPump(InputStream source) {
    start("input", () -> read(source));
  }

  /**
   * Waits for the first block, then takes what follows without a pause.
   *
   * @return whether that was all
   */
  boolean readBeginning(ByteArrayOutputStream beginning) throws IOException {
    try {
      byte[] block = blocks.take();
      while (block != null && !isEnd(block) && beginning.size() < BEGINNING_BYTES) {
        beginning.writeBytes(block);
        block = blocks.poll(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
      if (block != null && !isEnd(block)) {
        beginning.writeBytes(block);
      }
      return block != null && isEnd(block);
    } catch (InterruptedException e) {
      throw new IOException("interrupted while reading the input", e);
    }
  }

  /** Sends the beginning now and the rest on a thread. */
  void sendChunks(byte[] beginning, OutputStream out) throws IOException {
    writeChunk(beginning, out);
    start("sender", () -> sendRest(out));
  }

  private void sendRest(OutputStream out) {
    try {
      for (byte[] block = blocks.take(); !isEnd(block); block = blocks.take()) {
        writeChunk(block, out);
      }
      out.write("0\r\n\r\n".getBytes(US_ASCII));
      out.flush();
    } catch (IOException e) {
      // The server has heard enough; its answer, read on the other thread, tells why.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(InputStream source) {
    try {
      byte[] buffer = new byte[BLOCK_BYTES];
      for (int n = source.read(buffer); n >= 0; n = source.read(buffer)) {
        if (n > 0) {
          blocks.put(Arrays.copyOf(buffer, n));
        }
      }
    } catch (IOException e) {
      // Standard input that can't be read, such as a closed one, is an empty one.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    end();
  }

  /** Only the end is empty. */
  private static boolean isEnd(byte[] block) {
    return block.length == 0;
  }

  private void end() {
    try {
      blocks.put(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void writeChunk(byte[] block, OutputStream out) throws IOException {
    out.write((Integer.toHexString(block.length) + "\r\n").getBytes(US_ASCII));
    out.write(block);
    out.write('\r');
    out.write('\n');
    out.flush();
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
