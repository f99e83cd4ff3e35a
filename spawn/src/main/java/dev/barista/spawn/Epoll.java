package dev.barista.spawn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The kernel's readiness list, and a doorbell that wakes who waits on it. Not thread-safe but for
 * {@link #ring}.
 */
final class Epoll implements AutoCloseable {

  static final int IN = 0x001;
  static final int OUT = 0x004;

  /** The token of the doorbell. */
  static final long DOORBELL = -1;

  private static final int ADD = 1;
  private static final int DELETE = 2;
  private static final int EDGE = 1 << 31;
  private static final int MAX_EVENTS = 256;
  private static final int EFD_NONBLOCK = 0x800;
  private static final long DATA_OFFSET = Platform.packsEpollEvents() ? 4 : 8;
  private static final long EVENT_BYTES = DATA_OFFSET + 8;

  private static final MemorySegment CREATE = Libc.symbol("epoll_create1");
  private static final MemorySegment CONTROL = Libc.symbol("epoll_ctl");
  private static final MemorySegment WAIT = Libc.symbol("epoll_wait");
  private static final MemorySegment EVENTFD = Libc.symbol("eventfd");

  private final Arena arena = Arena.ofShared();
  private final MemorySegment events = arena.allocate(EVENT_BYTES * MAX_EVENTS, 8);
  private final MemorySegment one = arena.allocate(EVENT_BYTES, 8);
  private final MemorySegment ringing = arena.allocateFrom(JAVA_LONG, 1);
  private final Fd epoll;
  private final Fd doorbell;

  /** The doorbell is rung by threads that don't know when the loop ends. */
  private final ReentrantLock doorbellLock = new ReentrantLock();

  Epoll() {
    epoll =
        Fd.adopt(Syscalls.orThrow("make an epoll", Libc.callInt(CREATE, Syscalls.O_CLOEXEC, 0)));
    doorbell =
        Fd.adopt(
            Syscalls.orThrow(
                "make an eventfd", Libc.callInt(EVENTFD, 0, Syscalls.O_CLOEXEC | EFD_NONBLOCK)));
    // Edge-triggered: each ring is told once, and nobody need read the counter.
    control(ADD, doorbell.number(), IN | EDGE, DOORBELL);
  }

  void add(Fd fd, int interest, long token) {
    control(ADD, fd.number(), interest, token);
  }

  void remove(Fd fd) {
    control(DELETE, fd.number(), 0, 0);
  }

  /** Wakes {@link #await}, now or the next time; nothing after {@link #close}. Thread-safe. */
  void ring() {
    doorbellLock.lock();
    try {
      if (doorbell.isOpen()) {
        Syscalls.write(doorbell.number(), ringing.address(), 8);
      }
    } finally {
      doorbellLock.unlock();
    }
  }

  /**
   * @param timeoutMillis negative: for ever
   * @return how many events there are to {@link #token}
   */
  int await(int timeoutMillis) {
    int count = Libc.callInt(WAIT, epoll.number(), events.address(), MAX_EVENTS, timeoutMillis);
    return count == -Errno.EINTR ? 0 : Syscalls.orThrow("wait for events", count);
  }

  long token(int index) {
    return events.get(JAVA_LONG_UNALIGNED, index * EVENT_BYTES + DATA_OFFSET);
  }

  @Override
  public void close() {
    doorbellLock.lock();
    try {
      epoll.close();
      doorbell.close();
      arena.close();
    } finally {
      doorbellLock.unlock();
    }
  }

  private void control(int operation, int fd, int interest, long token) {
    one.set(JAVA_INT, 0, interest);
    one.set(JAVA_LONG_UNALIGNED, DATA_OFFSET, token);
    Syscalls.orThrow(
        "watch file descriptor " + fd,
        Libc.callInt(CONTROL, epoll.number(), operation, fd, one.address()));
  }
}
