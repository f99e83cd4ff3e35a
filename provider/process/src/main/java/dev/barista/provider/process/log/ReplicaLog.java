package dev.barista.provider.process.log;

import dev.barista.spawn.OutputPump;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes what one run of a replica prints to its newest file, in the {@link LineFormat}, and begins
 * another when that is full; of those before only the last is kept. A disk that takes no more costs
 * the log, not the replica. Runs on the pump's thread; {@link #lastLines} and {@link #awaitEnd} are
 * thread-safe.
 */
public final class ReplicaLog implements OutputPump.Sink {

  private static final System.Logger LOG = System.getLogger(ReplicaLog.class.getName());

  private final FunctionLogs function;
  private final LogWriter writer;
  private final LastLines lastLines = new LastLines();
  private final CountDownLatch ended = new CountDownLatch(1);

  // Mutable state
  private LogFile file;
  private @Nullable FileChannel channel;
  private long fileBytes;
  private long written;
  private int lineLength;
  private boolean inLine;
  private boolean failed;
  private volatile long progress;

  /**
   * @param file to be continued, or made when there is something to write
   */
  ReplicaLog(FunctionLogs function, LogWriter writer, LogFile file) {
    this.function = function;
    this.writer = writer;
    this.file = file;
    this.fileBytes = function.fileBytes();
  }

  /** The newest lines, the last one also unfinished. */
  public List<String> lastLines() {
    return lastLines.lines();
  }

  /** Another number, and a higher one, after each write; 0 before the first. */
  long progress() {
    return progress;
  }

  /** Waits for the end of the output, but not long: a process may have left its pipe to another. */
  public void awaitEnd() {
    try {
      boolean all = ended.await(200, TimeUnit.MILLISECONDS);
      LOG.log(System.Logger.Level.TRACE, () -> file + (all ? " is complete" : " is open"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public long chunk(ByteBuffer bytes) {
    lastLines.add(bytes);
    if (failed) {
      int given = bytes.remaining();
      bytes.position(bytes.limit());
      return given;
    }
    fileBytes = function.fileBytes();
    long before = writer.total();
    long time = writer.clock().next();
    while (bytes.hasRemaining()) {
      writePart(bytes, time);
    }
    flush();
    writer.clock().published(time);
    function.changed();
    return writer.total() - before;
  }

  /** Up to the end of a line, of what a line may have, or of {@code bytes}. */
  private void writePart(ByteBuffer bytes, long time) {
    int most = Math.min(bytes.remaining(), LineFormat.LONGEST_LINE - lineLength);
    int start = bytes.position();
    int end = start;
    while (end < start + most && bytes.get(end) != '\n') {
      end++;
    }
    int length = end - start;
    boolean atNewline = end < start + most;
    boolean whole = atNewline || lineLength + length == LineFormat.LONGEST_LINE;
    write(time, whole ? LineFormat.WHOLE : LineFormat.PART, bytes, length);
    bytes.position(end + (atNewline ? 1 : 0));
    lineLength = whole ? 0 : lineLength + length;
    inLine = !whole;
  }

  private void write(long time, byte tag, ByteBuffer bytes, int length) {
    if (!writer.fits(length, fileBytes)) {
      flush();
    }
    writer.add(time, tag, bytes, length);
  }

  private void flush() {
    try {
      FileChannel out = opened();
      if (written > 0 && written + writer.size() > fileBytes) {
        out = begun();
      }
      long bytes = writer.writeTo(out);
      written += bytes;
      progress = writer.total();
    } catch (IOException e) {
      failed = true;
      writer.clear();
      LOG.log(System.Logger.Level.WARNING, "no more log in " + file.path(), e);
    }
  }

  private FileChannel opened() throws IOException {
    FileChannel out = channel;
    if (out == null) {
      Files.createDirectories(file.folder());
      out = open(file);
      written = out.size();
    }
    return out;
  }

  private FileChannel begun() throws IOException {
    if (channel != null) {
      channel.close();
    }
    file = file.next();
    written = 0;
    FileChannel out = open(file);
    Files.deleteIfExists(
        new LogFile(file.folder(), file.replica(), file.number() - LogLimits.FILES).path());
    return out;
  }

  private FileChannel open(LogFile at) throws IOException {
    FileChannel out =
        FileChannel.open(at.path(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    channel = out;
    return out;
  }

  @Override
  public void end() {
    try {
      if (inLine && !failed) {
        long time = writer.clock().next();
        write(time, LineFormat.WHOLE, ByteBuffer.allocate(0), 0);
        flush();
        writer.clock().published(time);
      }
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "can't close " + file.path(), e);
    } finally {
      function.changed();
      ended.countDown();
    }
  }
}
