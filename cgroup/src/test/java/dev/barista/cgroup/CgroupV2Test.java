package dev.barista.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** cgroup v2 on a tree of plain files, since the host may have v1. */
class CgroupV2Test {

  private static final long OWN_PID = 4_242;
  private static final GroupLimits TOGETHER =
      new GroupLimits(OptionalLong.of(1_000_000), OptionalLong.empty(), 100);
  private static final GroupLimits SMALL =
      new GroupLimits(OptionalLong.of(5_000), OptionalLong.of(50), 10);

  private @TempDir Path folder;

  private Path processFiles;
  private Path mount;
  private Path own;

  @BeforeEach
  void makeTree() throws IOException {
    processFiles = Files.createDirectories(folder.resolve("proc"));
    mount = Files.createDirectories(folder.resolve("mount"));
    own = mount.resolve("user.slice/run-1.scope");
    makeGroup(mount, "cpu io memory pids");
    makeGroup(own, "cpu memory pids");
    Files.writeString(
        processFiles.resolve("mountinfo"),
        "30 20 0:26 / " + mount + " rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
    Files.writeString(processFiles.resolve("cgroup"), "0::/user.slice/run-1.scope\n");
    Files.writeString(own.resolve("cgroup.procs"), OWN_PID + "\n");
    // The kernel makes these files with their folder; here they stand ready.
    Path parent = makeGroup(own.resolve("barista-x"), "cpu memory pids");
    makeGroup(own.resolve("barista-x-gateway"), "");
    makeGroup(parent.resolve("one.1"), "cpu memory pids");
    makeGroup(parent.resolve("one.1/watchdog"), "");
    makeGroup(parent.resolve("one.1/calls"), "");
  }

  private static Path makeGroup(Path group, String controllers) throws IOException {
    Files.createDirectories(group);
    Files.writeString(group.resolve("cgroup.controllers"), controllers);
    for (String file :
        List.of(
            "cgroup.procs",
            "cgroup.subtree_control",
            "memory.max",
            "memory.swap.max",
            "memory.oom.group",
            "cpu.max",
            "pids.max")) {
      Files.writeString(group.resolve(file), "");
    }
    return group;
  }

  private Cgroups open() {
    return new CgroupFinder(processFiles, OWN_PID, folder.resolve("memo"))
        .open("barista-x", TOGETHER);
  }

  /** What stands in {@code cgroup.procs} of this tree names processes that don't exist. */
  private static String text(Path group, String file) throws IOException {
    return Files.readString(group.resolve(file)).strip();
  }

  @Test
  void ownGroup_isLeftForALeafBeforeItsChildrenAreBounded() throws IOException {
    Cgroups cgroups = open();

    assertThat(cgroups.enforced()).containsExactlyInAnyOrder(Cgroups.Bound.values());
    assertThat(text(own.resolve("barista-x-gateway"), "cgroup.procs"))
        .isEqualTo(Long.toString(OWN_PID));
    assertThat(text(own, "cgroup.subtree_control")).startsWith("+");
    assertThat(text(own.resolve("barista-x"), "memory.max")).isEqualTo("1000000");
    assertThat(text(own.resolve("barista-x"), "pids.max")).isEqualTo("100");
  }

  @Test
  void replica_getsItsLimits() throws IOException {
    ProcessGroup group = open().create("one.1", SMALL);

    Path made = own.resolve("barista-x/one.1");
    assertThat(group.joinFiles()).containsExactly(made.resolve("cgroup.procs"));
    assertThat(group.calls()).isEmpty();
    assertThat(text(made, "memory.max")).isEqualTo("5000");
    assertThat(text(made, "memory.swap.max")).isEqualTo("0");
    assertThat(text(made, "cpu.max")).isEqualTo("5000 100000");
    assertThat(text(made, "pids.max")).isEqualTo("10");
  }

  @Test
  void watchdog_standsBesideItsBoundedCalls() throws IOException {
    ProcessGroup group = open().createWithCalls("one.1", SMALL, OptionalInt.empty());

    Path made = own.resolve("barista-x/one.1");
    assertThat(group.joinFiles()).containsExactly(made.resolve("watchdog/cgroup.procs"));
    assertThat(group.calls()).contains(new ProcessGroup.CallsGroup.Folder(made.resolve("calls")));
    assertThat(text(made, "cgroup.subtree_control")).startsWith("+");
    assertThat(text(made.resolve("calls"), "memory.max")).isEqualTo("5000");
    assertThat(text(made.resolve("watchdog"), "memory.max")).isEmpty();
  }

  /** A watchdog with a user of its own could move no call: each was refused with EACCES. */
  @Test
  void watchdogOfAnotherUser_mayMoveItsCalls_andNothingElse() throws IOException {
    assumeThat(Files.getAttribute(folder, "unix:uid")).as("root").isEqualTo(0);

    open().createWithCalls("one.1", SMALL, OptionalInt.of(1_900_000_001));

    Path made = own.resolve("barista-x/one.1");
    assertThat(owner(made.resolve("calls/cgroup.procs"))).isEqualTo(1_900_000_001);
    assertThat(owner(made.resolve("cgroup.procs"))).isEqualTo(1_900_000_001);
    assertThat(owner(made.resolve("watchdog/cgroup.procs"))).isZero();
    assertThat(owner(made.resolve("calls/memory.max"))).isZero();
    assertThat(owner(own.resolve("barista-x/cgroup.procs"))).isZero();
  }

  private static Integer owner(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:uid");
  }

  @Test
  void oomKills_areCounted() throws IOException {
    ProcessGroup group = open().create("one.1", SMALL);
    Files.writeString(
        own.resolve("barista-x/one.1/memory.events"), "low 0\noom 3\noom_kill 2\noom_group_kill 1");

    assertThat(group.oomKills()).isEqualTo(2);
  }

  @Test
  void usage_isThatOfTheWholeReplica() throws IOException {
    ProcessGroup group = open().createWithCalls("one.1", SMALL, OptionalInt.empty());
    assertThat(group.cpuNanos()).isEmpty();
    assertThat(group.memoryBytes()).isEmpty();
    Path made = own.resolve("barista-x/one.1");
    Files.writeString(made.resolve("cpu.stat"), "usage_usec 1234\nuser_usec 1000\n");
    Files.writeString(made.resolve("memory.current"), "9000\n");
    Files.writeString(made.resolve("memory.stat"), "anon 5000\ninactive_file 3000\n");

    assertThat(group.cpuNanos()).hasValue(1_234_000);
    assertThat(group.memoryBytes()).hasValue(6_000);
  }

  @Test
  void groupWithOtherProcesses_isNotUsed_butTheTopIs() throws IOException {
    Files.writeString(own.resolve("cgroup.procs"), OWN_PID + "\n77777777\n");
    makeGroup(mount.resolve("barista-x"), "cpu memory pids");

    Cgroups cgroups = open();

    assertThat(cgroups.description()).contains(mount.resolve("barista-x").toString());
  }

  @Test
  void groupWithoutControllers_isToldWithWhatToDo() throws IOException {
    Files.writeString(own.resolve("cgroup.controllers"), "");
    Files.writeString(mount.resolve("cgroup.controllers"), "");

    Cgroups cgroups = open();

    assertThat(cgroups.enforced()).isEmpty();
    assertThat(cgroups.description()).contains("not delegated").contains("systemd-run");
    assertThat(cgroups.create("one.1", SMALL).joinFiles()).isEmpty();
  }

  @Test
  void placesOfTheLastStart_areRemembered() throws IOException {
    open();

    assertThat(Files.readString(folder.resolve("memo")))
        .contains(own.resolve("barista-x").toString());
  }

  @Test
  void v1Mounts_areFoundWithTheirGroups() {
    Hierarchy hierarchy =
        Hierarchy.read(
            List.of(
                "31 24 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
                "32 24 0:28 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
                "33 24 0:29 / /sys/fs/cgroup/a\\040b rw - cgroup cgroup rw,pids",
                "34 24 0:30 / / rw - ext4 /dev/vda rw"),
            List.of("4:memory:/docker/abc/x", "3:cpu,cpuacct:/", "2:pids:/y"));

    assertThat(hierarchy.v1())
        .containsEntry(Cgroups.Bound.CPU, Path.of("/sys/fs/cgroup/cpu,cpuacct"))
        .containsEntry(Cgroups.Bound.MEMORY, Path.of("/sys/fs/cgroup/memory/x"))
        .containsEntry(Cgroups.Bound.PROCESSES, Path.of("/sys/fs/cgroup/a b/y"));
    assertThat(hierarchy.v1Accounting()).contains(Path.of("/sys/fs/cgroup/cpu,cpuacct"));
    assertThat(hierarchy.v2()).isEmpty();
  }

  @Test
  void smallQuota_getsALongerPeriod() {
    assertThat(CpuQuota.ofMillis(50)).isEqualTo(new CpuQuota(5_000, 100_000));
    assertThat(CpuQuota.ofMillis(10)).isEqualTo(new CpuQuota(1_000, 100_000));
    assertThat(CpuQuota.ofMillis(9)).isEqualTo(new CpuQuota(9_000, 1_000_000));
    assertThat(CpuQuota.ofMillis(1)).isEqualTo(new CpuQuota(1_000, 1_000_000));
    assertThat(CpuQuota.ofMillis(2_000)).isEqualTo(new CpuQuota(200_000, 100_000));
  }
}
