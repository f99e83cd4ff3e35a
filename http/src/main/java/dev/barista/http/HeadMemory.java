package dev.barista.http;

/**
 * What the heads of requests may hold on one event loop, those that still arrive and those of calls
 * under way. Without it many connections that each send a long head slowly take all memory: 2 000
 * of them with 60 KB each are as much as the whole heap.
 *
 * <p>A head that is still short always has its place; a longer one is refused while the loop's part
 * is full. What a client sends ahead of its answers isn't counted. Used on its loop only.
 */
final class HeadMemory {

  /** Of all loops together. */
  static final long ALL_BYTES = 16 << 20;

  private static final int SHORT_BYTES = 4 << 10;

  private final long most;

  // Mutable state
  private long held;

  HeadMemory(long most) {
    this.most = most;
  }

  /** Of one connection. */
  Share share() {
    return new Share();
  }

  /** What one connection holds. */
  final class Share {

    // Mutable state
    private long bytes;

    /** Returns false, and takes nothing, if there is no room for so much more. */
    boolean add(int more) {
      if (bytes + more > SHORT_BYTES && held + more > most) {
        return false;
      }
      bytes += more;
      held += more;
      return true;
    }

    /** The head turned out to be so long: the rest of what came was the beginning of a body. */
    void trim(long length) {
      if (length < bytes) {
        held -= bytes - length;
        bytes = length;
      }
    }

    boolean isShort() {
      return bytes <= SHORT_BYTES;
    }

    void release() {
      held -= bytes;
      bytes = 0;
    }
  }
}
