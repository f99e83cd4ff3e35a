package dev.barista.watchdog;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Holds a call's whole output until its exit status is known: small ones in memory, large ones in
 * an unnamed file, so that neither a large answer nor many of them fill the heap. Filled by one
 * thread, then handed to another, which closes it.
 */
final class AnswerSpool implements AutoCloseable {

  static final int MEMORY_BYTES = 128 << 10;

  private static final int FIRST_BYTES = 4 << 10;

  private final Path folder;

  // Mutable state
  private byte[] memory = new byte[0];
  private int inMemory;
  private long length;
  private @Nullable FileChannel file;

  AnswerSpool(Path folder) {
    this.folder = folder;
  }

  /**
   * @throws IOException if the file can't take it, such as on a full disk
   */
  void append(ByteBuffer bytes) throws IOException {
    length += bytes.remaining();
    if (file == null && inMemory + bytes.remaining() <= MEMORY_BYTES) {
      appendToMemory(bytes);
      return;
    }
    FileChannel overflow = file();
    while (bytes.hasRemaining()) {
      overflow.write(bytes);
    }
  }

  /** Why an answer is lost, and what to do, in one sentence for the function's author. */
  static String unkept(IOException reason) {
    return "the answer could not be kept in TMPDIR until its end: "
        + reason.getMessage()
        + " (more room: --max-tmp of serve; none is needed in mode streaming)";
  }

  long length() {
    return length;
  }

  boolean isInMemory() {
    return file == null;
  }

  /** Up to {@code most} of the first bytes. */
  byte[] beginning(int most) {
    return Arrays.copyOf(memory, Math.min(most, inMemory));
  }

  /** Everything, behind {@code prefix}; only if {@link #isInMemory}. */
  byte[] bytesAfter(byte[] prefix) {
    byte[] all = Arrays.copyOf(prefix, prefix.length + inMemory);
    System.arraycopy(memory, 0, all, prefix.length, inMemory);
    return all;
  }

  void writeTo(OutputStream target) throws IOException {
    target.write(memory, 0, inMemory);
    FileChannel overflow = file;
    if (overflow == null) {
      return;
    }
    var chunk = ByteBuffer.allocate(32 << 10);
    long position = 0;
    for (int count; (count = overflow.read(chunk.clear(), position)) >= 0; position += count) {
      target.write(chunk.array(), 0, count);
    }
  }

  @Override
  public void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException _) {
      // The file has no name any more; nothing of it can be left.
    }
  }

  private void appendToMemory(ByteBuffer bytes) {
    int needed = inMemory + bytes.remaining();
    if (needed > memory.length) {
      memory = Arrays.copyOf(memory, Math.max(FIRST_BYTES, Math.max(needed, memory.length * 2)));
    }
    int count = bytes.remaining();
    bytes.get(memory, inMemory, count);
    inMemory += count;
  }

  private FileChannel file() throws IOException {
    FileChannel open = file;
    if (open == null) {
      Path path = Files.createTempFile(folder, "answer", "");
      open = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      file = open;
      Files.delete(path);
    }
    return open;
  }
}
