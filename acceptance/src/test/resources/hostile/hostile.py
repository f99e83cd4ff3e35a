"""A function that tries to harm its host. Body: the attempt and its argument, separated by a space.

Answers `failed: REASON`, or `SUCCEEDED: WHAT` when the attempt went through.
"""

import ctypes
import glob
import os
import resource
import signal
import socket
import sys
import urllib.error
import urllib.request

GIGABYTE = 1 << 30


def read_file(path):
    with open(path, "rb") as file:
        return file.read(40)


def list_folder(path):
    return os.listdir(path)


def environments(_):
    """Environment of any process that is not one of this function's own."""
    seen = []
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            text = read_all(path)
        except OSError:
            continue
        if text and b"OPENFAAS_NAME=hostile" not in text:
            seen.append((path, text[:60]))
    if not seen:
        raise PermissionError("no foreign environment to be read")
    return seen


def read_all(path):
    with open(path, "rb") as file:
        return file.read()


def signal_process(pid):
    os.kill(int(pid), 0)
    return "may signal " + pid


def trace_process(pid):
    libc = ctypes.CDLL(None, use_errno=True)
    attach = 16
    if libc.ptrace(attach, int(pid), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    return "attached to " + pid


def sibling_sockets(folder):
    """Calls other replicas past the gateway."""
    own = "/run/barista/"  # the replica's own folder
    found = []
    for root in (folder, "/run", "/tmp", "/var"):
        for parent, _, files in os.walk(root):
            for name in files:
                path = os.path.join(parent, name)
                if path.startswith(own):
                    continue
                try:
                    with socket.socket(socket.AF_UNIX) as client:
                        client.connect(path)
                        found.append(path)
                except OSError:
                    continue
    if not found:
        raise PermissionError("no socket of another replica to be reached")
    return found


def fork_bomb(limit):
    children = []
    try:
        for _ in range(int(limit)):
            child = os.fork()
            if child == 0:
                signal.pause()
                os._exit(0)
            children.append(child)
        return "made %d processes" % len(children)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def fill_memory(gigabytes):
    hoard = []
    for _ in range(int(gigabytes) * 16):
        block = bytearray(GIGABYTE // 16)
        block[::4096] = b"x" * len(block[::4096])
        hoard.append(block)
    return "took %s GB" % gigabytes


def fill_disk(gigabytes):
    errors = []
    block = b"x" * (1 << 20)
    for folder in (os.environ.get("TMPDIR", "/tmp"), ".", "/", "/var/tmp", "/dev/shm"):
        path = os.path.join(folder, "hoard")
        try:
            with open(path, "wb") as file:
                for _ in range(int(gigabytes) * 1024):
                    file.write(block)
            return "wrote %s GB to %s" % (gigabytes, path)
        except OSError as error:
            errors.append("%s: %s" % (folder, error.strerror))
        finally:
            if os.path.exists(path):
                os.unlink(path)
    raise OSError("; ".join(errors))


def descriptors(limit):
    held = []
    try:
        for _ in range(int(limit)):
            held.append(os.open("/dev/null", os.O_RDONLY))
        return "holds %d descriptors" % len(held)
    finally:
        for descriptor in held:
            os.close(descriptor)


def raise_limits(limit):
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(limit), int(limit)))
    return "raised the limit of descriptors"


def call_system(url):
    with urllib.request.urlopen(url + "/system/functions", timeout=10) as answer:
        return "%d %s" % (answer.status, answer.read(40))


def become_root(_):
    os.setuid(0)
    os.setgid(0)
    return read_file("/etc/shadow")


def change_itself(_):
    with open("hostile.py", "a") as file:
        file.write("# changed\n")
    return "changed its own code"


def join_other_group(_):
    for path in glob.glob("/sys/fs/cgroup/**/cgroup.procs", recursive=True)[:1000]:
        try:
            with open(path, "w") as file:
                file.write(str(os.getpid()))
            return "moved to " + path
        except OSError:
            continue
    raise PermissionError("no control group to move to")


ATTEMPTS = {
    "read-file": read_file,
    "list-folder": list_folder,
    "environments": environments,
    "signal": signal_process,
    "trace": trace_process,
    "sibling-sockets": sibling_sockets,
    "fork-bomb": fork_bomb,
    "fill-memory": fill_memory,
    "fill-disk": fill_disk,
    "descriptors": descriptors,
    "raise-limits": raise_limits,
    "call-system": call_system,
    "become-root": become_root,
    "change-itself": change_itself,
    "join-other-group": join_other_group,
}


def main():
    attempt, _, argument = sys.stdin.read().strip().partition(" ")
    try:
        print("SUCCEEDED:", ATTEMPTS[attempt](argument))
    except (OSError, MemoryError, ValueError, urllib.error.URLError) as error:
        print("failed: %s: %s" % (type(error).__name__, error))


main()
