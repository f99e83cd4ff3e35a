package dev.barista.spawn;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.barista.spawn.Command.ProcessGroup;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The native call: one command with its descriptors already open. Thread-safe. */
final class PosixSpawn {

  private static final MemorySegment SPAWN = Libc.symbol("posix_spawn");
  private static final MemorySegment ACTIONS_INIT = Libc.symbol("posix_spawn_file_actions_init");
  private static final MemorySegment ACTIONS_DESTROY =
      Libc.symbol("posix_spawn_file_actions_destroy");
  private static final MemorySegment ACTIONS_DUP2 = Libc.symbol("posix_spawn_file_actions_adddup2");
  private static final MemorySegment ACTIONS_OPEN = Libc.symbol("posix_spawn_file_actions_addopen");
  private static final MemorySegment ACTIONS_CLOSE =
      Libc.symbol("posix_spawn_file_actions_addclose");
  private static final MemorySegment ACTIONS_CHDIR =
      Libc.symbol("posix_spawn_file_actions_addchdir_np");

  /** glibc 2.34; absent in musl. */
  private static final Optional<MemorySegment> ACTIONS_CLOSE_FROM =
      Libc.optionalSymbol("posix_spawn_file_actions_addclosefrom_np");

  private static final MemorySegment ATTR_INIT = Libc.symbol("posix_spawnattr_init");
  private static final MemorySegment ATTR_DESTROY = Libc.symbol("posix_spawnattr_destroy");
  private static final MemorySegment ATTR_FLAGS = Libc.symbol("posix_spawnattr_setflags");
  private static final MemorySegment ATTR_MASK = Libc.symbol("posix_spawnattr_setsigmask");
  private static final MemorySegment ATTR_DEFAULT = Libc.symbol("posix_spawnattr_setsigdefault");

  /** glibc 2.39. */
  private static final Optional<MemorySegment> ATTR_CGROUP =
      Libc.optionalSymbol("posix_spawnattr_setcgroup_np");

  private static final int FLAG_SETPGROUP = 0x02;
  private static final int FLAG_SETSIGDEF = 0x04;
  private static final int FLAG_SETSIGMASK = 0x08;
  private static final int FLAG_SETSID = 0x80;
  private static final int FLAG_SETCGROUP = 0x100;

  /** More than the C libraries' opaque records take: 80 and 336 bytes in glibc, less in musl. */
  private static final long OPAQUE_BYTES = 1024;

  private static final int SIGSET_BYTES = 128;
  private static final int O_RDWR = 2;

  private static final MemorySegment DEV_NULL = Arena.global().allocateFrom("/dev/null");

  /** Attributes without a cgroup, made once. They are only read from then on. */
  private static final Map<ProcessGroup, MemorySegment> ATTRIBUTES = prepareAttributes();

  private PosixSpawn() {}

  static boolean canJoinCgroup() {
    return ATTR_CGROUP.isPresent();
  }

  /**
   * @param descriptors the child's numbers and the numbers here, none of which is one of the
   *     child's
   * @return the process id
   * @throws ErrnoException with the reason
   */
  static int spawn(Command command, String program, Map<Integer, Integer> descriptors) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment actions = arena.allocate(OPAQUE_BYTES, 16);
      check("prepare file actions", Libc.call(ACTIONS_INIT, actions.address()));
      try {
        fillActions(arena, actions.address(), command, descriptors);
        return withAttributes(arena, actions, command, program);
      } finally {
        Libc.call(ACTIONS_DESTROY, actions.address());
      }
    }
  }

  private static int withAttributes(
      Arena arena, MemorySegment actions, Command command, String program) {
    if (command.cgroup().isEmpty()) {
      MemorySegment attributes = requireNonNull(ATTRIBUTES.get(command.group()));
      return call(arena, attributes, actions, command, program);
    }
    MemorySegment attributes = attributes(arena, command.group(), command.cgroup());
    try {
      return call(arena, attributes, actions, command, program);
    } finally {
      Libc.call(ATTR_DESTROY, attributes.address());
    }
  }

  private static int call(
      Arena arena,
      MemorySegment attributes,
      MemorySegment actions,
      Command command,
      String program) {
    MemorySegment pid = arena.allocate(JAVA_INT);
    long result =
        Libc.call(
            SPAWN,
            pid.address(),
            Libc.cString(arena, program).address(),
            actions.address(),
            attributes.address(),
            argumentVector(arena, command.arguments()).address(),
            environmentVector(arena, command.environment()).address());
    check("start " + command.arguments().getFirst(), result);
    return pid.get(JAVA_INT, 0);
  }

  private static Map<ProcessGroup, MemorySegment> prepareAttributes() {
    var prepared = new EnumMap<ProcessGroup, MemorySegment>(ProcessGroup.class);
    for (ProcessGroup group : ProcessGroup.values()) {
      prepared.put(group, attributes(Arena.global(), group, Optional.empty()));
    }
    return prepared;
  }

  private static MemorySegment attributes(Arena arena, ProcessGroup group, Optional<Fd> cgroup) {
    MemorySegment memory = arena.allocate(OPAQUE_BYTES, 16);
    long attributes = memory.address();
    check("prepare attributes", Libc.call(ATTR_INIT, attributes));
    int flags = FLAG_SETSIGMASK | FLAG_SETSIGDEF;
    // An empty mask, and the default handler for every signal: an ignored one would stay ignored.
    MemorySegment signals = arena.allocate(SIGSET_BYTES, 8);
    check("reset the signal mask", Libc.call(ATTR_MASK, attributes, signals.address()));
    // With the C library's own 32 and 33: glibc would have the child ignore them otherwise.
    signals.asSlice(0, 8).fill((byte) 0xff);
    check("reset signal handlers", Libc.call(ATTR_DEFAULT, attributes, signals.address()));
    flags |=
        switch (group) {
          case INHERITED -> 0;
          case OWN_GROUP -> FLAG_SETPGROUP;
          case OWN_SESSION -> FLAG_SETSID;
        };
    if (cgroup.isPresent()) {
      MemorySegment setCgroup =
          ATTR_CGROUP.orElseThrow(
              () ->
                  new UnsupportedOperationException(
                      "this C library can't start a process in a cgroup (expected: glibc 2.39)"));
      check("choose the cgroup", Libc.call(setCgroup, attributes, cgroup.get().number()));
      flags |= FLAG_SETCGROUP;
    }
    check("set attributes", Libc.call(ATTR_FLAGS, attributes, flags));
    return memory;
  }

  private static void fillActions(
      Arena arena, long actions, Command command, Map<Integer, Integer> descriptors) {
    command
        .folder()
        .ifPresent(
            folder -> {
              long path = Libc.cString(arena, folder.toString()).address();
              check("choose the folder", Libc.call(ACTIONS_CHDIR, actions, path));
            });
    int highest = Math.max(2, descriptors.keySet().stream().mapToInt(n -> n).max().orElse(2));
    for (int number = 0; number <= highest; number++) {
      Integer here = descriptors.get(number);
      if (here != null) {
        check("give a descriptor", Libc.call(ACTIONS_DUP2, actions, here, number));
      } else if (number <= 2) {
        check(
            "give /dev/null", Libc.call(ACTIONS_OPEN, actions, number, DEV_NULL.address(), O_RDWR));
      } else {
        check("close a descriptor", Libc.call(ACTIONS_CLOSE, actions, number));
      }
    }
    closeFrom(actions, highest + 1);
  }

  /**
   * Not every descriptor of a JVM is closed on exec (sockets of java.net aren't), so that flag
   * alone would leak some into the child.
   */
  private static void closeFrom(long actions, int lowest) {
    if (ACTIONS_CLOSE_FROM.isPresent()) {
      check("close the rest", Libc.call(ACTIONS_CLOSE_FROM.get(), actions, lowest));
    } else {
      Syscalls.closeAllOnExec(3);
    }
  }

  /** In one copy, for the same reason: a sandbox has a hundred arguments. */
  static MemorySegment argumentVector(Arena arena, List<String> arguments) {
    byte[] all = (String.join("\0", arguments) + '\0').getBytes(UTF_8);
    long start = arena.allocateFrom(JAVA_BYTE, all).address();
    // The last stays 0: the end.
    var addresses = new long[arguments.size() + 1];
    int next = 0;
    for (int i = 0; i < arguments.size(); i++) {
      addresses[i] = start + next;
      next += Libc.checked(arguments.get(i)).getBytes(UTF_8).length + 1;
    }
    return arena.allocateFrom(JAVA_LONG, addresses);
  }

  /** In few large copies: a call per variable would be most of what a start costs here. */
  static MemorySegment environmentVector(Arena arena, Environment environment) {
    var addresses = new long[environment.size() + 1];
    var next = new int[1];
    environment.forEachBlock(
        block -> {
          long start = arena.allocateFrom(JAVA_BYTE, block.bytes()).address();
          for (int offset : block.starts()) {
            addresses[next[0]++] = start + offset;
          }
        });
    return arena.allocateFrom(JAVA_LONG, addresses);
  }

  private static void check(String operation, long result) {
    if ((int) result != 0) {
      throw new ErrnoException(operation, (int) result);
    }
  }
}
