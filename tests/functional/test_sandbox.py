"""What the learner's code can and cannot do in a real box, asked by code that runs in one: in every isolating tier, as root, and as others."""

import contextlib
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from judge.sandbox import environment, launch, probe
from judge.sandbox.processes import is_running
from judge.sandbox.watch import Watch
from judge.wire import Wire, WireError, pack
from judge.worker import seccomp

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="boxes are made of what Linux has")
TIERS = ("bwrap", "landlock")
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
ORDINARY_USER = 64124

# Given to everything that is run in a box.
PRELUDE = """
import ctypes, os, signal, socket, sys, time
libc = ctypes.CDLL(None, use_errno=True)

def syscall(number, *arguments):
    result = libc.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

# A folder above the interpreter is there, with nothing in it but the way to the interpreter.
MOUNT_POINTS = (".pyenv", ".venv", ".local")

def attempt(name, action):
    try:
        action()
    except (StopIteration, OSError, ValueError, ImportError, AttributeError) as error:
        print("no", name, type(error).__name__, flush=True)
    else:
        print("DID", name, flush=True)

"""


@contextlib.contextmanager
def started(tier):
    status = probe().tiers[tier]
    if not status.available:
        pytest.skip(f"{tier}: {status.reason}")
    with launch(tier, framework="numpy") as box:
        assert select.select([box.control], [], [], 60)[0], box.stderr_tail()
        assert "ready" in json.loads(box.control.recv(1 << 16))
        yield box


@pytest.fixture(params=TIERS)
def box(request):
    """A box of the test's own, which it may end."""
    with started(request.param) as box:
        yield box


@pytest.fixture(scope="module", params=TIERS)
def slot(request):
    """A box that serves one submission after another, as a warm slot does."""
    with started(request.param) as box:
        yield box


class Submission:
    """The learner's process in a box, spoken to as the grader does."""

    def __init__(self, box, code, **limits):
        ours, theirs = socket.socketpair()
        self._output, write_end = os.pipe()
        limits = {"cpu_s": 20, "memory_mib": 1024, "file_mib": 64, **limits, **box.confinement}
        message = {"scratch": box.scratch, "clean": list(box.clean), "limits": limits}
        self.watch = Watch(box)  # before the fork: what is in the box by now is not the submission's
        socket.send_fds(box.control, [json.dumps(message).encode()], [theirs.fileno(), write_end])
        theirs.close()
        os.close(write_end)
        self.wire = Wire(ours)
        self.confined = self.wire.recv(deadline=time.monotonic() + 30)[0]["confined"]
        source = PRELUDE + textwrap.dedent(code)
        arguments = {"source": source, "filename": "solution.py", "entries": [], "forbidden": [], "seed": 1}
        self.wire.send({"id": 1, "op": "load", "args": pack(arguments, [], None)}, [], deadline=time.monotonic() + 10)

    def answer(self, timeout=40):
        """How loading went: None when the process ended instead."""
        try:
            return self.wire.recv(deadline=time.monotonic() + timeout)[0]
        except WireError:
            return None

    def output(self):
        """All that was printed, once every process that could print is gone or half a second is over."""
        text = b""
        while select.select([self._output], [], [], 0.5)[0] and (chunk := os.read(self._output, 1 << 16)):
            text += chunk
        return text.decode()

    def said(self):
        """What was printed so far, waiting for at least one line."""
        assert select.select([self._output], [], [], 20)[0]
        return os.read(self._output, 1 << 16).decode()

    def close(self):
        self.wire.close()
        os.close(self._output)


def run(box, code, **limits):
    """Run code to its end and return what it printed. The box is free for the next one then."""
    submission = Submission(box, code, **limits)
    answer = submission.answer()
    submission.wire.close()
    text = submission.output()
    submission.close()
    assert answer is None or "error" not in answer, answer
    assert "exit" in said_of_end(box)
    return text


def said_of_end(box):
    """The zygote's report of a run: after `started`, `exit`."""
    seen, deadline = b"", time.monotonic() + 20
    while b'"exit"' not in seen and time.monotonic() < deadline:
        assert select.select([box.control], [], [], 20)[0]
        seen += box.control.recv(1 << 16)
    return json.loads(seen.splitlines()[-1])


def waiting(box):
    """The children that wait for a submission."""
    deadline = time.monotonic() + 20
    while not (found := [pid for pid in box.descendants() if pid not in box.own()]) and time.monotonic() < deadline:
        time.sleep(0.01)
    return found


def refused(text):
    """The attempts that were made, none of which may have worked."""
    assert "DID" not in text, text
    assert text.count("no ") >= 1, text
    return text


# --- one after another


def test_the_next_child_waits_and_is_not_charged_to_anybody(slot):
    run(slot, "print(1)")
    (child,) = waiting(slot)

    submission = Submission(slot, "import time; time.sleep(0.5)")
    (theirs,) = waiting(slot)
    submission.answer()
    usage = submission.watch.sample(limit_mib=1024)
    submission.close()
    said_of_end(slot)

    assert theirs == child
    assert usage.processes == 1


def test_a_child_that_died_waiting_is_replaced(slot):
    run(slot, "print(1)")
    (child,) = waiting(slot)
    os.kill(child, signal.SIGKILL)
    while is_running(child):
        time.sleep(0.01)

    assert run(slot, "print('judged')") == "judged\n"


def test_nobody_waits_in_a_box_where_something_was_left(box):
    """What escaped the cleaning up would meet the next submission before its code is read. Who keeps such a box still gets a process."""
    submission = Submission(box, "if os.fork() == 0: time.sleep(60)")
    submission.answer()
    submission.close()
    assert said_of_end(box)["exit"]["leftovers"] == 1
    time.sleep(0.3)

    assert [pid for pid in box.descendants() if pid not in box.own()] == []
    assert run(box, "print('judged')") == "judged\n"


def test_limits_are_those_of_the_submission_and_not_of_the_one_before(slot):
    code = "import resource; print(resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_FSIZE)[0])"
    first = run(slot, code)

    assert run(slot, code, cpu_s=7, file_mib=3) == f"7 {3 << 20}\n"
    assert run(slot, code) == first


# --- reading


def test_files_of_the_host_cannot_be_read(slot, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the answer")
    secret.chmod(0o644)
    package = environment.PACKAGE
    files = [
        secret,
        "/etc/passwd",
        "/etc/hostname",
        package / "grader/run.py",
        package / "verdict.py",
        package.parent / "pyproject.toml",
    ]
    folders = [
        tmp_path,
        Path.home(),
        "/var",
        "/home",
        package / "checks",
        package / "grader",
        package.parent / "solutions",
        package.parent / ".git",
    ]

    text = run(
        slot,
        f"""
        for path in {list(map(str, files))!r}:
            attempt(path, lambda: open(path).read())
        for path in {list(map(str, folders))!r}:
            attempt(path, lambda: next(name for name in os.listdir(path) if name not in MOUNT_POINTS))
        os.symlink({str(secret)!r}, "link")
        attempt("through a link", lambda: open("link").read())
        attempt("hard link", lambda: os.link({str(secret)!r}, "hard"))
        attempt("through /proc/1/root", lambda: open("/proc/1/root" + {str(secret)!r}).read())
        attempt("dots", lambda: open("../" * 20 + {str(secret).lstrip("/")!r}).read())
        """,
    )
    refused(text)
    assert text.count("no ") == len(files) + len(folders) + 4


def test_the_judge_is_not_to_be_seen(slot, monkeypatch):
    text = run(
        slot,
        f"""
        import glob
        judge = {os.getpid()}
        for name in ("environ", "cmdline", "maps", "cwd", "root", "fd"):
            attempt(name, lambda: os.listdir(f"/proc/{{judge}}/fd") if name == "fd" else open(f"/proc/{{judge}}/{{name}}").read())
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            assert b"pytest" not in open(path, "rb").read(), path
        for path in glob.glob("/proc/[0-9]*/environ"):
            if path != f"/proc/{{os.getpid()}}/environ":
                attempt(path, lambda: open(path).read())
        attempt("own memory file", lambda: open("/proc/self/mem", "r+b"))
        """,
    )
    refused(text)


def test_the_environment_is_the_boxs_own(slot):
    names = run(slot, "print('|'.join(sorted(os.environ)))").strip().split("|")

    assert "OMP_NUM_THREADS" in names
    assert set(names) <= set(environment.variables(home="", tmp="", device="cpu")) | {"LC_CTYPE", "PWD"}


# --- writing


def test_nothing_but_the_scratch_can_be_written(slot):
    package = environment.PACKAGE
    paths = [
        "/x",
        "/usr/lib/x",
        "/etc/x",
        str(Path.home() / "x"),
        str(package / "x"),
        "/opt/judge_box/judge/worker/x.py",
        "/dev/x",
        os.__file__,
    ]

    text = run(
        slot,
        f"""
        for path in {[*paths, str(environment.site_folders()[0] / "x.pth")]!r}:
            attempt(path, lambda: open(path, "r+" if os.path.exists(path) else "w"))
        for name in ("kernel/core_pattern", "vm/drop_caches", "vm/overcommit_memory", "kernel/randomize_va_space"):
            attempt(name, lambda: os.open("/proc/sys/" + name, os.O_WRONLY))
        attempt("sysrq", lambda: os.open("/proc/sysrq-trigger", os.O_WRONLY))
        attempt("oom", lambda: open("/proc/self/oom_score_adj", "w").write("0"))
        """,
    )
    refused(text)
    assert run(slot, "open('mine', 'w').write('x'); print(os.listdir('.'))").strip() == "['mine']"


def test_the_mode_of_a_file_of_the_host_stays_as_it_is(slot):
    before = os.stat(os.__file__).st_mode

    run(
        slot,
        """
        for change in (lambda: os.chmod(os.__file__, 0), lambda: os.utime(os.__file__, (1, 1)), lambda: os.truncate(os.__file__, 0)):
            try:
                change()
            except OSError:
                pass
        """,
    )

    after = os.stat(os.__file__)
    assert (after.st_mode, after.st_size > 0, after.st_mtime > 1) == (before, True, True)


def test_a_submission_cannot_fill_the_disk(box):
    with_watch = Submission(
        box,
        """
        written = 0
        for number in range(40):
            try:
                with open(f"f{number}", "wb") as file:
                    for _ in range(16):
                        file.write(bytes(1 << 20))
                        written += 1
                        time.sleep(0.001)
            except OSError as error:
                print(error.errno, flush=True)
                break
        print("wrote", written, flush=True)
        time.sleep(1.5)
        """,
    )
    peak = 0.0
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and with_watch.answer(timeout=0.1) is None and peak < 384:
        peak = max(peak, with_watch.watch.sample(limit_mib=10_000).memory_mib)
    text = with_watch.output()
    with_watch.close()

    if box.tier == "bwrap":
        assert "28" in text.split(), "ENOSPC"
        assert int(text.split()[-1]) <= 256
        assert peak == pytest.approx(256, abs=40)
    else:
        assert peak > 300, "640 MiB were written: beyond the allowance a disk counts as memory"


def test_many_small_files_are_seen(box):
    submission = Submission(
        box,
        """
        for number in range(20_000):
            os.close(os.open(f"f{number}", os.O_CREAT | os.O_WRONLY))
        print("made", flush=True)
        time.sleep(1)
        """,
    )
    while "made" not in submission.said():
        pass
    time.sleep(0.3)
    seen = submission.watch.sample(limit_mib=10_000).memory_mib
    submission.close()

    if box.tier == "bwrap":
        assert 15 < seen < 60
    box.kill()
    assert box.host_folder is None or not box.host_folder.exists()


# --- the network


def test_there_is_no_network(slot, tmp_path):
    with contextlib.ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        abstract.bind("\0judge-test-abstract")
        abstract.listen()
        named = stack.enter_context(socket.socket(socket.AF_UNIX))
        folder = stack.enter_context(_short_folder())
        named.bind(f"{folder}/s")
        named.listen()
        text = run(
            slot,
            f"""
            attempt("tcp", lambda: socket.create_connection(("127.0.0.1", {tcp.getsockname()[1]}), 2))
            attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)))
            attempt("tcp6", lambda: socket.create_connection(("::1", 9), 2))
            attempt("dns", lambda: socket.getaddrinfo("localhost.example", 80) and 1 / 0)
            attempt("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
            attempt("vsock", lambda: socket.socket(40, socket.SOCK_STREAM))
            attempt("abstract", lambda: socket.socket(socket.AF_UNIX).connect("\\0judge-test-abstract"))
            attempt("named", lambda: socket.socket(socket.AF_UNIX).connect({f"{folder}/s"!r}))
            """,
        )
    refused(text)


@contextlib.contextmanager
def _short_folder():
    folder = f"/tmp/jt{os.getpid()}"
    os.mkdir(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


# --- rights


def test_no_capability_no_root_no_new_rights(slot):
    text = run(
        slot,
        """
        status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
        print(status["CapPrm"].strip(), status["CapEff"].strip(), status["CapAmb"].strip(), status["NoNewPrivs"].strip(), os.getuid(), os.getgroups())
        """,
    )
    *capabilities, no_new, uid = text.split(" ")[:5]

    assert [int(word, 16) for word in capabilities] == [0, 0, 0]
    assert no_new == "1"
    assert uid != "0"
    if ROOT or slot.tier == "bwrap":
        assert uid != str(os.getuid())


def test_system_calls_an_escape_needs_are_refused(slot):
    numbers = {
        name: pair[0] for name, pair in seccomp._DENIED.items() if os.uname().machine == "x86_64" and pair[0] is not None
    }
    if not numbers:
        pytest.skip("numbers of this machine are not tried")

    text = run(
        slot,
        f"""
        zero = ctypes.c_long(0)
        for name, number in {numbers!r}.items():
            libc.syscall(number, *[ctypes.c_long(-1)] * 6)
            print("refused" if ctypes.get_errno() == 1 else "DID", name, ctypes.get_errno(), flush=True)
        attempt("a namespace by clone", lambda: syscall(56, 0x10000011, 0, 0, 0, 0))
        attempt("a program", lambda: os.execv("/bin/sh", ["sh", "-c", "true"]))
        attempt("set user", lambda: os.setuid(0))
        attempt("dumpable", lambda: syscall(157, 4, 1, 0, 0, 0))
        attempt("owner of a descriptor", lambda: __import__("fcntl").fcntl(0, 8, os.getppid()))
        """,
    )
    refused(text)
    assert text.count("refused") == len(numbers)


def test_another_architectures_calls_are_fatal(slot):
    if os.uname().machine != "x86_64":
        pytest.skip("x86 only")
    code = """
        import mmap
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(bytes.fromhex("b814000000" "cd80" "c3"))  # getpid by the 32-bit door
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        print(ctypes.CFUNCTYPE(ctypes.c_long)(address)(), flush=True)
        """
    submission = Submission(slot, code)
    assert submission.answer() is None
    submission.close()

    assert said_of_end(slot)["exit"]["signal"] == signal.SIGSYS


def test_limits_hold_and_can_only_go_down(slot):
    text = run(
        slot,
        """
        import resource
        for name in ("CPU", "DATA", "NPROC", "NOFILE", "FSIZE", "CORE", "MEMLOCK"):
            which = getattr(resource, "RLIMIT_" + name)
            hard = resource.getrlimit(which)[1]
            print(name, hard != resource.RLIM_INFINITY, flush=True)
            attempt("raise " + name, lambda: resource.setrlimit(which, (hard + 1, hard + 1)))
        """,
    )
    refused(text)
    assert "False" not in text


# --- other processes


def test_the_zygote_is_out_of_reach_and_serves_the_next_one(slot):
    text = run(
        slot,
        """
        import fcntl, resource
        zygote = os.getppid()
        for number in (0, signal.SIGSTOP, signal.SIGKILL):
            attempt(f"signal {number}", lambda: os.kill(zygote, number))
        attempt("thread signal", lambda: libc.tgkill(zygote, zygote, 9) and syscall(-1))
        attempt("limits", lambda: resource.prlimit(zygote, resource.RLIMIT_NPROC, (0, 0)))
        attempt("affinity", lambda: os.sched_setaffinity(zygote, {0}))
        attempt("scheduler", lambda: os.sched_setscheduler(zygote, os.SCHED_IDLE, os.sched_param(0)))
        attempt("priority", lambda: os.setpriority(os.PRIO_PROCESS, zygote, 19))
        attempt("pidfd", lambda: os.pidfd_open(zygote))
        attempt("memory", lambda: open(f"/proc/{zygote}/mem", "r+b"))
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        try:
            os.kill(-1, signal.SIGTERM)
        except OSError:
            pass
        """,
    )
    refused(text)
    assert run(slot, "print('still here')").strip() == "still here"


def test_a_fork_bomb_meets_a_limit_and_leaves_nothing(slot):
    code = """
        pids = []
        try:
            for _ in range(600):
                pid = os.fork()
                if pid == 0:
                    time.sleep(30)
                    os._exit(0)
                pids.append(pid)
        except OSError as error:
            print("stopped after", len(pids), flush=True)
        """
    submission = Submission(slot, code)
    submission.answer()
    text = submission.said()
    during = submission.watch.sample(limit_mib=10_000).processes
    submission.wire.close()
    ended = said_of_end(slot)["exit"]
    submission.close()

    assert 0 < int(text.split()[-1]) < 300
    assert during > 50
    assert ended["leftovers"] > 50
    assert run(slot, "print(os.waitpid(os.fork() or os._exit(7), 0)[1] >> 8)").strip() == "7", "the next one may fork"


@pytest.mark.parametrize("way", ["daemon", "deaf daemon", "comet"])
def test_what_detaches_itself_ends_with_the_box(box, way):
    code = {
        "daemon": "signal.pause()",
        "deaf daemon": "[signal.signal(n, signal.SIG_IGN) for n in range(1, 32) if n not in (9, 19)]\n    while True: signal.pause()",
        # A process that is never there when one looks: its child goes on, and it ends.
        "comet": "end = time.monotonic() + 60\n    while time.monotonic() < end:\n        if os.fork(): os._exit(0)",
    }[way]
    submission = Submission(
        box,
        f"""
if os.fork() == 0:
    try:
        os.setsid()
    except OSError:
        pass
    if os.fork():
        os._exit(0)
    print("away", flush=True)
    {code}
time.sleep(0.2)
""",
    )
    submission.answer()
    while "away" not in submission.said():
        pass
    before = box.descendants()
    box.kill()
    submission.close()

    assert len(before) >= 2
    assert not box.alive()
    assert not [pid for pid in before if is_running(pid)]
    assert not _boxed_processes(box), "nobody is left who runs what this box ran"


def _boxed_processes(box):
    """Processes with the command line of this box, wherever they are now. The learner's process has its zygote's."""
    marks = [str(box.host_folder)] if box.host_folder else []
    found = []
    for entry in os.listdir("/proc"):
        with contextlib.suppress(OSError, ValueError):
            pid = int(entry)
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
            status = Path(f"/proc/{pid}/stat").read_text()
            parent, group = status.rsplit(")", 1)[1].split()[1:3]
            cwd = ""
            with contextlib.suppress(OSError):
                cwd = os.readlink(f"/proc/{pid}/cwd")
            if status.rsplit(")", 1)[1].split()[0] in "ZX":
                continue
            orphaned = "worker/__main__.py" in command and int(parent) == 1
            if orphaned or any(mark in cwd for mark in marks) or int(group) == box.pid:
                found.append((pid, command, status))
    return found


@pytest.mark.parametrize("tier", TIERS)
def test_a_box_ends_with_its_judge_and_takes_its_daemons_along(tier):
    if not probe().tiers[tier].available:
        pytest.skip(probe().tiers[tier].reason)
    read_end, write_end = os.pipe()
    judge = os.fork()
    if judge == 0:
        with started(tier) as box:
            submission = Submission(
                box, "if os.fork() == 0:\n    if os.fork(): os._exit(0)\n    signal.pause()\ntime.sleep(0.2)"
            )
            submission.answer()
            os.write(write_end, json.dumps([box.pid, *box.descendants()]).encode())
            os.kill(os.getpid(), signal.SIGKILL)
    pids = json.loads(os.read(read_end, 4096))
    os.waitpid(judge, 0)
    deadline = time.monotonic() + 10
    while any(is_running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert len(pids) >= 4
    assert not [pid for pid in pids if is_running(pid)]


# --- what is left


def test_the_next_submission_finds_nothing_of_the_one_before(slot):
    run(
        slot,
        """
        for folder in (".", "/tmp", "/dev/shm"):
            try:
                open(f"{folder}/left", "w").write("x")
            except OSError:
                pass
        os.mkdir("locked", 0)
        os.mkfifo("pipe") if False else None
        os.symlink("/", "root")
        for depth in range(3000):
            os.mkdir("d")
            os.chdir("d")
        """,
    )
    text = run(
        slot,
        """
        for folder in (".", "/tmp", "/dev/shm"):
            try:
                print(folder, [name for name in os.listdir(folder) if not name.startswith(".")])
            except OSError:
                print(folder, [])
        """,
    )
    assert text.split("\n")[:3] == [". []", "/tmp []", "/dev/shm []"]


def test_the_host_keeps_no_file(box):
    folders = [Path("/tmp"), Path("/dev/shm"), Path.cwd()]
    before = {folder: set(os.listdir(folder)) for folder in folders}
    submission = Submission(
        box, "open('mine', 'w').write('x'); os.mkdir('locked', 0); os.mkdir('a'); os.chdir('a'); os.mkdir('b', 0)"
    )
    submission.answer()
    box.kill()
    submission.close()

    assert box.host_folder is None or not box.host_folder.exists()
    left = {f"{folder}/{name}" for folder in folders for name in set(os.listdir(folder)) - before[folder]}
    assert not {path for path in left if "/mine" in path or (box.host_folder and path == str(box.host_folder))}


# --- what is measured


def test_memory_of_all_processes_is_seen_and_that_of_the_zygote_is_not(box):
    submission = Submission(
        box,
        """
        print("idle", flush=True); time.sleep(1.5)
        kept = bytearray(os.urandom(1)) * (150 << 20)
        print("held", flush=True); time.sleep(1.5)
        if os.fork() == 0:
            mine = bytearray(b"x") * (100 << 20)
            print("both", flush=True); time.sleep(3)
            os._exit(0)
        time.sleep(4)
        """,
    )
    seen = {}
    while set(seen) < {"idle", "held", "both"}:
        word = submission.said().split()[-1]
        if word not in seen:  # right after it was said: later it may already be on its way to the next
            seen[word] = submission.watch.sample(limit_mib=100).memory_mib
    submission.close()

    assert seen["idle"] < 20
    assert seen["held"] == pytest.approx(150, abs=20)
    assert 230 < seen["both"] < 420 if box.tier == "landlock" else seen["both"] == pytest.approx(250, abs=40)


def test_cpu_of_children_counts(box):
    submission = Submission(
        box,
        """
        for _ in range(2):
            if os.fork() == 0:
                end = time.process_time() + 0.4
                while time.process_time() < end: pass
                os._exit(0)
            os.wait()
        print("done", flush=True); time.sleep(1)
        """,
    )
    while "done" not in submission.said():
        pass
    seen = submission.watch.sample(limit_mib=1000).cpu_s
    submission.close()

    assert seen == pytest.approx(0.8, abs=0.3)


def test_a_process_that_spins_is_ended_by_its_own_limit(slot):
    submission = Submission(slot, "while True: pass", cpu_s=1)
    assert submission.answer() is None
    submission.close()

    assert said_of_end(slot)["exit"]["signal"] in (signal.SIGXCPU, signal.SIGKILL)


def test_memory_beyond_the_limit_of_data_is_an_exception(slot):
    text = run(slot, "try:\n    bytearray(900 << 20)\nexcept MemoryError:\n    print('MemoryError')", memory_mib=256)

    assert text.strip() == "MemoryError"


def test_a_crash_leaves_no_core_dump_and_is_told(slot):
    submission = Submission(slot, "libc.prctl(4, 1); os.abort()")
    assert submission.answer() is None
    submission.close()

    assert said_of_end(slot)["exit"]["signal"] == signal.SIGABRT


def test_what_uses_up_the_memory_is_ended_before_the_judge(slot):
    assert run(slot, "print(open('/proc/self/oom_score_adj').read())").strip() == "1000"


# --- installed from a wheel


@pytest.fixture
def installed(tmp_path):
    """An environment with the project among its packages, as a wheel leaves it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    site = next((tmp_path / "env/lib").glob("python*/site-packages"))
    shutil.copytree(environment.PACKAGE, site / "judge", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("question_bank", "quizapp", "solutions", "quizapp-0.1.0.dist-info"):
        (site / name).mkdir()
        (site / name / "__init__.py").write_text("answer = 42\n")
    (site / "quizapp-0.1.0.dist-info/RECORD").write_text("judge/checks/secret.py,,\n")
    (site / "elsewhere.pth").write_text("\n".join(map(str, environment.site_folders())))
    (site / "bystander.py").write_text("here = True\n")
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    return tmp_path / "env/bin/python", site


@pytest.mark.parametrize("tier", TIERS)
def test_installed_from_a_wheel_the_project_is_not_in_the_box(installed, tier):
    python, site = installed
    if not probe().tiers[tier].available:
        pytest.skip(probe().tiers[tier].reason)
    code = textwrap.dedent(f"""
        import importlib
        site = {str(site)!r}
        attempt("checks", lambda: os.listdir(site + "/judge/checks"))
        attempt("grader", lambda: open(site + "/judge/grader/run.py").read())
        attempt("wheel's list", lambda: open(site + "/quizapp-0.1.0.dist-info/RECORD").read())
        for name in ("judge.grader.run", "judge.verdict", "judge.sandbox", "question_bank", "quizapp", "solutions"):
            attempt(name, lambda: importlib.import_module(name).answer)
        import bystander, numpy
        print("bystander", bystander.here, numpy.__name__)
        """)
    here = Path(__file__)
    script = (
        f"import sys; sys.path.append({str(here.parent)!r}); import {here.stem} as t\n"
        f"with t.started({tier!r}) as box: print(t.run(box, {code!r}))"
    )
    done = subprocess.run([python, "-I", "-B", "-c", script], capture_output=True, text=True, timeout=120)

    assert "bystander True numpy" in done.stdout, done.stderr
    refused(done.stdout)
    assert done.stdout.count("no ") == 9


# --- as somebody else

_PASSABLE = """
set -e
prefix=$1 home=$2; shift 2
case "$prefix" in /root/*)
  aside=$(mktemp -d); mount --bind "$prefix" "$aside"; mount -t tmpfs -o mode=755 none /root
  mkdir -p "$prefix"; mount --bind "$aside" "$prefix"; umount "$aside"; rmdir "$aside";;
esac
cd "$home"; export HOME="$home" TMPDIR="$home"
exec "$@"
"""
_BECOME = {
    "ordinary user": (
        f"--reuid={ORDINARY_USER}",
        f"--regid={ORDINARY_USER}",
        "--clear-groups",
        "--inh-caps=-all",
        "--bounding-set=-all",
    ),
    # As in a container: root, but not one who may mount.
    "root without rights to mount": ("--inh-caps=-sys_admin", "--bounding-set=-sys_admin"),
}


@pytest.mark.skipif(not ROOT, reason="only root can become somebody else")
@pytest.mark.parametrize("user", _BECOME)
def test_all_of_it_holds_for_others_too(user):
    """Where Python lives in root's home, that home is made passable in a mount namespace of the test's own."""
    if shutil.which("unshare") is None or shutil.which("setpriv") is None:
        pytest.skip("needs unshare and setpriv of util-linux")
    home = Path(f"/tmp/judge-user-{os.getpid()}")
    home.mkdir(mode=0o755)
    if "user" in user:
        os.chown(home, ORDINARY_USER, ORDINARY_USER)
    options = ["-q", "-rs", "-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={home}", "-k", "not others"]
    again = ["setpriv", *_BECOME[user], sys.executable, "-B", "-m", "pytest", *options, __file__]
    environ = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(environment.PACKAGE.parent)}
    command = [
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "sh",
        "-c",
        _PASSABLE,
        "sh",
        sys.base_prefix,
        str(home),
        *again,
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, env=environ)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if done.returncode and ("unshare:" in done.stderr or "mount:" in done.stderr):
        pytest.skip(f"this root may not mount: {done.stderr.strip()[:100]}")

    passed = re.search(r"(\d+) passed", done.stdout)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert passed
    assert int(passed[1]) > 20
