package dev.barista.provider.process.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Reads one replica's log line by line, from its oldest file on. Holds no file open between reads,
 * and never more than one buffer and one line in memory. For one thread.
 *
 * <p>Where files went before they were read, the next line is one that says so.
 */
final class LogCursor {

  private static final int BUFFER_BYTES = 2 * LineFormat.LONGEST_LINE;

  private static final byte[] NOTHING = new byte[0];

  static final String LOST =
      "barista: lines are missing here, they were removed before they were read"
          + " [--max-replica-log, --max-function-log]";

  private final LineFormat format = new LineFormat();
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream(0);

  // Mutable state
  private LogFile file;
  private long offset;
  private byte[] buffer = NOTHING;
  private int start;
  private int end;
  private boolean lost;
  private boolean headIsThere;
  private long headTime;
  private String headText = "";

  /**
   * @param file the oldest that there is
   */
  LogCursor(LogFile file) {
    this.file = file;
  }

  String replica() {
    return file.replica();
  }

  /** Of the line that {@link #advance} came to. */
  long time() {
    return headTime;
  }

  String text() {
    return headText;
  }

  /** Uses the line up. */
  void take() {
    headIsThere = false;
    headText = "";
  }

  /**
   * Comes to the next line that isn't used up.
   *
   * @return false if there is none now
   */
  boolean advance() {
    while (!headIsThere) {
      int newline = newline();
      if (newline < 0) {
        if (!read()) {
          return false;
        }
      } else {
        if (parse(newline)) {
          start = newline + 1;
        }
      }
    }
    return true;
  }

  private int newline() {
    for (int i = start; i < end; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /**
   * @return false if the line is to be parsed again: something else has to be told before
   */
  private boolean parse(int lineEnd) {
    long time = format.time(buffer, start, lineEnd);
    if (time < 0) {
      lost = true; // a line without its beginning: a loss of power
      return true;
    }
    headTime = time;
    if (lost) {
      lost = false;
      parts.reset();
      headText = LOST;
      headIsThere = true;
      return false;
    }
    parts.write(buffer, start + LineFormat.PREFIX, lineEnd - start - LineFormat.PREFIX);
    if (!LineFormat.isPart(buffer, start)) {
      headText = parts.toString(StandardCharsets.UTF_8);
      headIsThere = true;
      parts.reset();
    }
    return true;
  }

  /**
   * More of the file, or of the one after it. Whether that exists is asked first: once it does, the
   * one before it is complete.
   *
   * @return false if there is no more now
   */
  private boolean read() {
    while (true) {
      boolean complete = Files.exists(file.next().path());
      int count = readFile();
      if (count > 0) {
        return true;
      }
      if (count == 0 && !complete) {
        return false;
      }
      if (!goOn(/* sawTheEnd= */ count == 0)) {
        return false;
      }
    }
  }

  /**
   * @return 0 at the end, −1 if the file is gone
   */
  private int readFile() {
    try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
      makeRoom();
      int count =
          Math.max(0, channel.read(ByteBuffer.wrap(buffer, end, buffer.length - end), offset));
      offset += count;
      end += count;
      if (end == 0) {
        buffer = NOTHING; // it may be long until there is more
      }
      return count;
    } catch (NoSuchFileException e) {
      return -1;
    } catch (IOException e) {
      System.getLogger(LogCursor.class.getName())
          .log(System.Logger.Level.WARNING, "can't read the log " + file.path(), e);
      return -1;
    }
  }

  /** A line with its prefix is shorter than the buffer: one that fills it is none of ours. */
  private void makeRoom() {
    byte[] target = buffer.length == 0 ? new byte[BUFFER_BYTES] : buffer;
    if (end - start == target.length) {
      start = end;
      lost = true;
    }
    System.arraycopy(buffer, start, target, 0, end - start);
    buffer = target;
    end -= start;
    start = 0;
  }

  private boolean goOn(boolean sawTheEnd) {
    List<LogFile> later =
        LogFile.list(file.folder(), file.replica()).stream()
            .filter(other -> other.number() > file.number())
            .toList();
    if (later.isEmpty()) {
      return false;
    }
    LogFile next = later.getFirst();
    if (!sawTheEnd || next.number() != file.number() + 1) {
      lost = true;
    }
    file = next;
    offset = 0;
    start = 0;
    end = 0;
    return true;
  }
}
