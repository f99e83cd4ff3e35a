package dev.barista.spawn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Calls of the C library.
 *
 * <h2>One method handle for every function</h2>
 *
 * Linking a downcall costs milliseconds of start-up per <em>shape</em> of function, since the JDK
 * spins a class for each. So every function is called with one shape: six machine words in, one
 * out. That is sound in the calling conventions of 64-bit Linux (System V x86-64, AAPCS64, RISC-V):
 * the first six integer arguments travel in registers, a callee reads only those that it declares,
 * an {@code int} is the low half of its register, and variadic arguments travel like the named
 * ones. Words are given sign-extended, as the stricter conventions demand; {@code int} results are
 * narrowed by the caller. Only integer and pointer arguments may be passed.
 *
 * <p>All methods are thread-safe. A blocking function blocks the calling platform thread: never
 * make one from a virtual thread.
 */
final class Libc {

  private static final MemorySegment NO_SYMBOL = MemorySegment.NULL;

  private Libc() {}

  /** Linked at first use, so that a program that never spawns doesn't pay. */
  private static final class Linked {

    static final Linker LINKER = Linker.nativeLinker();
    static final MethodHandle CALL =
        LINKER.downcallHandle(
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.captureCallState("errno"));
    static final ThreadLocal<MemorySegment> ERRNO =
        ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(JAVA_INT));

    private Linked() {}
  }

  /** The address of a function that this system must have. */
  static MemorySegment symbol(String name) {
    return optionalSymbol(name)
        .orElseThrow(
            () ->
                new UnsupportedOperationException(
                    "the C library of this system has no function " + name));
  }

  static Optional<MemorySegment> optionalSymbol(String name) {
    Platform.requireLinux();
    return Linked.LINKER.defaultLookup().find(name).filter(address -> !address.equals(NO_SYMBOL));
  }

  static long call(MemorySegment function, long a) {
    return call(function, a, 0, 0, 0, 0, 0);
  }

  static long call(MemorySegment function, long a, long b) {
    return call(function, a, b, 0, 0, 0, 0);
  }

  static long call(MemorySegment function, long a, long b, long c) {
    return call(function, a, b, c, 0, 0, 0);
  }

  static long call(MemorySegment function, long a, long b, long c, long d) {
    return call(function, a, b, c, d, 0, 0);
  }

  /** The raw result. */
  static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
    return invoke(function, Linked.ERRNO.get(), a, b, c, d, e, f);
  }

  /**
   * For functions that answer an {@code int}, −1 meaning that errno has the reason: that, negated.
   */
  static int callInt(MemorySegment function, long a, long b, long c, long d) {
    MemorySegment errno = Linked.ERRNO.get();
    int result = (int) invoke(function, errno, a, b, c, d, 0, 0);
    return result == -1 ? -errno.get(JAVA_INT, 0) : result;
  }

  static int callInt(MemorySegment function, long a, long b, long c) {
    return callInt(function, a, b, c, 0);
  }

  static int callInt(MemorySegment function, long a, long b) {
    return callInt(function, a, b, 0, 0);
  }

  /** Like {@link #callInt}, for functions that answer a {@code long} or {@code ssize_t}. */
  static long callLong(MemorySegment function, long a, long b, long c, long d) {
    MemorySegment errno = Linked.ERRNO.get();
    long result = invoke(function, errno, a, b, c, d, 0, 0);
    return result == -1 ? -errno.get(JAVA_INT, 0) : result;
  }

  static long callLong(MemorySegment function, long a, long b, long c) {
    return callLong(function, a, b, c, 0);
  }

  private static long invoke(
      MemorySegment function, MemorySegment errno, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) Linked.CALL.invokeExact(function, errno, a, b, c, d, e, f);
    } catch (Throwable failure) {
      throw new AssertionError("a call of the C library cannot throw", failure);
    }
  }

  /** Bytes and a final NUL, living as long as {@code arena}. */
  static MemorySegment cString(Arena arena, String text) {
    return arena.allocateFrom(checked(text));
  }

  /** Text that a C string can hold. */
  static String checked(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("text contains NUL: " + text.replace('\0', '?'));
    }
    return text;
  }
}
