package dev.barista.spawn;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells when something appears in a folder, by inotify(7), on the thread of an {@link FdLoop}: so
 * that who waits for a file needn't look again and again. Thread-safe.
 */
public final class FolderWatch {

  private static final int IN_NONBLOCK = 0x800;
  private static final int IN_MOVED_TO = 0x080;
  private static final int IN_CREATE = 0x100;
  private static final int IN_IGNORED = 0x8000;
  private static final int IN_ONLYDIR = 0x0100_0000;

  /** Before the name, which has the length that stands last: watch, mask, cookie, length. */
  private static final int HEAD_BYTES = 4 * Integer.BYTES;

  private static final int BUFFER_BYTES = 16 << 10;

  private static final MemorySegment INIT = Libc.symbol("inotify_init1");
  private static final MemorySegment ADD = Libc.symbol("inotify_add_watch");
  private static final MemorySegment REMOVE = Libc.symbol("inotify_rm_watch");

  private final Fd inotify;
  private final ByteBuffer events =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.nativeOrder());
  private final Map<Integer, Runnable> watches = new ConcurrentHashMap<>();

  private FolderWatch(Fd inotify) {
    this.inotify = inotify;
  }

  /**
   * Lives as long as the loop.
   *
   * @throws ErrnoException if this user has too many of them (fs.inotify.max_user_instances)
   */
  static FolderWatch on(FdLoop loop) {
    int number = Libc.callInt(INIT, Syscalls.O_CLOEXEC | IN_NONBLOCK, 0);
    FolderWatch watch = new FolderWatch(Fd.adopt(Syscalls.orThrow("make an inotify", number)));
    loop.atEnd(watch.inotify::close);
    loop.execute(() -> loop.watch(watch.inotify, FdLoop.Interest.READABLE, watch::readable));
    return watch;
  }

  /** One folder under watch. */
  public final class Watched implements AutoCloseable {
    private final int number;

    private Watched(int number) {
      this.number = number;
    }

    /** Nothing more is told, but for what is just being told. Idempotent. */
    @Override
    public void close() {
      if (watches.remove(number) != null && inotify.isOpen()) {
        Libc.callInt(
            REMOVE, inotify.number(), number); // fails if the folder is gone: then it ended
      }
    }
  }

  /**
   * Runs {@code appeared} on the loop's thread for whatever appears in {@code folder} after this
   * has returned; what is there already is not told.
   *
   * @throws ErrnoException if there is no such folder, or this user watches too many
   *     (fs.inotify.max_user_watches)
   */
  public Watched watch(Path folder, Runnable appeared) {
    requireNonNull(appeared, "appeared");
    try (Arena arena = Arena.ofConfined()) {
      long path = Libc.cString(arena, folder.toString()).address();
      int mask = IN_CREATE | IN_MOVED_TO | IN_ONLYDIR;
      int number =
          Syscalls.orThrow("watch " + folder, Libc.callInt(ADD, inotify.number(), path, mask));
      watches.put(number, appeared);
      return new Watched(number);
    }
  }

  private void readable() {
    while (inotify.read(events.clear()) > 0) {
      events.flip();
      while (events.remaining() >= HEAD_BYTES) {
        int start = events.position();
        int length = events.getInt(start + 3 * Integer.BYTES);
        tell(events.getInt(start), events.getInt(start + Integer.BYTES));
        events.position(start + HEAD_BYTES + length);
      }
    }
  }

  private void tell(int number, int mask) {
    Runnable appeared = (mask & IN_IGNORED) == 0 ? watches.get(number) : watches.remove(number);
    if (appeared != null) {
      appeared.run();
    }
  }
}
