"""The parts of the sandbox that are plain functions: filters, command lines, what is hidden, what is said."""

import contextlib
import errno
import os
import re
import struct
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from judge.sandbox import bare, best_tier, bwrap, environment, probing, processes
from judge.sandbox.doctor import advice, describe, surroundings, weaknesses
from judge.sandbox.probing import Probe, Tier
from judge.worker import confine, family, landlock, scratch, seccomp

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="boxes are made of what Linux has")


def run_filter(program, *, arch, number, arguments=(0, 0)):
    """What a seccomp filter answers: a tiny interpreter for the instructions it uses."""
    data = struct.pack("=IIQQQ", number, arch, 0, *arguments)
    position, accumulator = 0, 0
    while True:
        code, yes, no, value = struct.unpack_from("=HBBI", program, position * 8)
        position += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, value)
        elif code == 0x06:
            return value
        else:
            holds = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}[code]
            position += yes if holds else no


ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
INSIDE = seccomp.Rules(namespaced=True, zygote=2, zygote_group=1, own=5)
OUTSIDE = seccomp.Rules(namespaced=False, zygote=200, zygote_group=100, own=500)
UNSCOPED = replace(OUTSIDE, signals_scoped=False)
MINUS_ONE = 0xFFFFFFFF


@pytest.fixture(params=ARCHITECTURES)
def ask(request):
    """How a filter answers a call by its name, on one of the architectures; None when there is no such call there."""
    machine = request.param
    column = list(ARCHITECTURES).index(machine)
    tables = (
        seccomp._DENIED,
        seccomp._PLACEMENT,
        seccomp._ON_ITSELF_ONLY,
        seccomp._SIGNAL,
        seccomp._NEW_GROUP,
        seccomp._METADATA,
        seccomp._ATTRIBUTES,
    )
    numbers = {name: pair for table in tables for name, pair in table.items()}
    numbers |= {
        name: getattr(seccomp, "_" + name.upper())
        for name in ("truncate", "socket", "clone", "clone3", "fcntl", "ioctl", "prctl")
    }

    def answer(name, *arguments, rules=INSIDE):
        number = numbers[name][column] if isinstance(name, str) else name
        if number is None:
            return None
        return run_filter(
            seccomp.program(rules, machine), arch=ARCHITECTURES[machine], number=number, arguments=(*arguments, 0, 0)[:2]
        )

    return answer


class TestSeccomp:
    """The filter, on both architectures."""

    def test_ordinary_calls_pass(self, ask):
        assert {ask(number) for number in (2, 8, 24, 32, 57, 96, 98, 207, 220, 293, 334, 436)} == {ALLOW}

    def test_every_denied_call_is_refused_with_an_error_that_python_survives(self, ask):
        answers = {ask(name) for name in (*seccomp._DENIED, *seccomp._PLACEMENT)}

        assert answers <= {ERRNO | errno.EPERM, None}

    def test_calls_younger_than_the_tables_do_not_exist(self, ask):
        assert ask(450) == ask(467) == ask(9000) == ERRNO | errno.ENOSYS

    def test_only_unix_sockets_and_those_only_in_a_network_of_its_own(self, ask):
        assert ask("socket", 1) == ALLOW
        assert all(ask("socket", family) != ALLOW for family in (0, 2, 10, 16, 17, 40))
        assert ask("socket", 1, rules=OUTSIDE) != ALLOW

    def test_processes_may_fork_but_not_into_namespaces(self, ask):
        assert ask("clone", 0x1200011) == ALLOW
        assert all(
            ask("clone", 0x11 | flag) != ALLOW
            for flag in (0x80, 0x20000, 0x2000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
        )

    def test_clone3_is_not_implemented_rather_than_denied(self, ask):
        assert ask("clone3") == ERRNO | errno.ENOSYS

    def test_typing_into_the_terminal_is_denied(self, ask):
        assert ask("ioctl", 0, 0x5401) == ALLOW
        assert ask("ioctl", 0, 0x5412) != ALLOW
        assert ask("ioctl", 0, 0x541C) != ALLOW

    def test_locks_pass_and_leases_and_owners_do_not(self, ask):
        assert {ask("fcntl", 3, command) for command in (0, 1, 2, 3, 4, 5, 6, 7, 1030)} == {ALLOW}
        assert ALLOW not in {ask("fcntl", 3, command) for command in (8, 10, 15, 1024, 1026)}

    def test_it_can_name_its_threads_but_not_become_dumpable(self, ask):
        assert ask("prctl", 15) == ALLOW
        assert ask("prctl", 4, 1) != ALLOW

    @pytest.mark.parametrize("name", seccomp._ON_ITSELF_ONLY)
    def test_limits_and_scheduling_are_ones_own(self, ask, name):
        assert ask(name, 0) == ALLOW
        assert ask(name, 2) != ALLOW

    def test_in_a_pid_namespace_all_but_the_zygote_may_be_signalled(self, ask):
        assert {ask("kill", pid, 9) for pid in (0, 5, 6, -5 & MINUS_ONE)} == {ALLOW}
        assert ALLOW not in {ask("kill", pid, 9) for pid in (2, MINUS_ONE, -1 & MINUS_ONE)}
        assert ALLOW not in {ask(name, 2, 9) for name in seccomp._SIGNAL}
        assert ask("tgkill", 5, 6) == ALLOW

    def test_where_landlock_does_not_scope_signals_one_may_signal_oneself_only(self, ask):
        assert (
            ask("kill", 0, 9, rules=UNSCOPED)
            == ask("kill", 500, 9, rules=UNSCOPED)
            == ask("tgkill", 500, 501, rules=UNSCOPED)
            == ALLOW
        )
        assert ALLOW not in {ask("kill", pid, 9, rules=UNSCOPED) for pid in (1, 200, 501, MINUS_ONE, -100 & MINUS_ONE)}
        assert ALLOW not in {ask(name, 200, rules=UNSCOPED) for name in seccomp._SIGNAL}

    @pytest.mark.parametrize("name", seccomp._METADATA)
    def test_modes_and_times_of_the_hosts_files_are_left_alone_without_a_word(self, ask, name):
        assert ask(name, rules=OUTSIDE) in (ERRNO | 0, None)
        assert ask(name) in (ALLOW, None)

    @pytest.mark.parametrize("name", seccomp._NEW_GROUP)
    def test_without_a_pid_namespace_nobody_leaves_his_group(self, ask, name):
        assert ask(name, rules=OUTSIDE) != ALLOW
        assert ask(name) == ALLOW

    def test_placement_of_memory_is_for_gpus(self, ask):
        assert ask("mbind") != ALLOW
        assert ask("mbind", rules=replace(INSIDE, memory_placement=True)) == ALLOW


def test_another_architecture_is_killed():
    assert run_filter(seccomp.program(INSIDE, "x86_64"), arch=0x40000003, number=20) == KILL
    assert run_filter(seccomp.program(INSIDE, "aarch64"), arch=0x40000028, number=20) == KILL


def test_x32_calls_are_killed():
    assert run_filter(seccomp.program(INSIDE, "x86_64"), arch=ARCHITECTURES["x86_64"], number=0x40000000 + 59) == KILL


@pytest.mark.parametrize("rules", [INSIDE, OUTSIDE, UNSCOPED])
@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_a_filter_is_a_program_the_kernel_takes(machine, rules):
    program = seccomp.program(rules, machine)
    count = len(program) // 8

    assert count <= 4096
    for position in range(count):
        code, yes, no, _ = struct.unpack_from("=HBBI", program, position * 8)
        assert position + 1 + max(yes, no) < count or code == 0x06
    assert struct.unpack_from("=H", program, (count - 1) * 8)[0] == 0x06


def test_the_numbers_are_the_kernels():
    header = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
    if not header.exists():
        pytest.skip("the kernel's headers are not installed")
    numbers = {name: int(number) for name, number in re.findall(r"#define __NR_(\w+)\s+(\d+)", header.read_text())}
    tables = (
        seccomp._DENIED,
        seccomp._PLACEMENT,
        seccomp._ON_ITSELF_ONLY,
        seccomp._SIGNAL,
        seccomp._NEW_GROUP,
        seccomp._METADATA,
        seccomp._ATTRIBUTES,
    )

    wrong = {
        name: pair[0]
        for table in tables
        for name, pair in table.items()
        if pair[0] is not None and numbers.get(name) != pair[0]
    }
    assert not wrong


def test_the_numbers_of_the_generic_table_are_the_kernels():
    header = Path("/usr/include/asm-generic/unistd.h")
    if not header.exists():
        pytest.skip("the kernel's headers are not installed")
    numbers = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text())}
    tables = (
        seccomp._DENIED,
        seccomp._PLACEMENT,
        seccomp._ON_ITSELF_ONLY,
        seccomp._SIGNAL,
        seccomp._NEW_GROUP,
        seccomp._METADATA,
        seccomp._ATTRIBUTES,
    )

    wrong = {
        name: pair[1]
        for table in tables
        for name, pair in table.items()
        if pair[1] is not None and numbers.get(name) != pair[1]
    }
    assert not wrong


class TestCommandLine:
    """What bubblewrap is told."""

    def test_every_named_path_of_the_project_is_on_the_untrusted_side(self):
        flags = bwrap.arguments(device="cpu", as_root=False)
        package = str(environment.PACKAGE)

        bound = [Path(flag).relative_to(package).parts[0] for flag in flags if flag.startswith(package)]
        assert set(bound) == set(environment.VISIBLE)

    def test_an_ordinary_user_gets_a_user_namespace_and_can_make_no_other(self):
        flags = bwrap.arguments(device="cpu", as_root=False)

        assert {"--unshare-user", "--disable-userns"} <= set(flags)
        assert "CAP_SETUID" not in flags

    def test_root_keeps_only_what_it_needs_to_become_nobody(self):
        flags = bwrap.arguments(device="cpu", as_root=True)

        assert "--unshare-user" not in flags
        assert [flags[i + 1] for i, flag in enumerate(flags) if flag == "--cap-add"] == ["CAP_SETUID", "CAP_SETGID"]

    def test_every_tmpfs_has_a_size(self):
        flags = bwrap.arguments(device="cpu", as_root=False)
        places = [i for i, flag in enumerate(flags) if flag == "--tmpfs"]

        assert places
        assert all(flags[i - 2] == "--size" for i in places)

    def test_a_prefix_is_never_bound_as_a_whole(self):
        bound = _bound(bwrap.arguments(device="cpu", as_root=False))

        assert not bound & {os.path.realpath(sys.prefix), os.path.realpath(sys.base_prefix), "/usr", "/"}

    def test_a_gpu_is_only_bound_when_it_is_asked_for(self, monkeypatch):
        monkeypatch.setattr(environment, "gpu_devices", lambda: ["/dev/nvidia0", "/dev/nvidiactl"])

        assert "/dev/nvidia0" not in bwrap.arguments(device="cpu", as_root=False)
        assert "/dev/nvidia0" in bwrap.arguments(device="cuda", as_root=False)
        assert environment.gpu_confinement("cpu") == {}

    def test_a_python_that_lives_under_tmp_gets_another_folder_for_temporary_files(self, monkeypatch):
        def at(path):
            monkeypatch.setattr(environment, "shown", lambda device: environment.Shown({}, (path,)))
            flags = bwrap.arguments(device="cpu", as_root=False)
            return flags[flags.index("TMPDIR") + 1], {flags[i + 1] for i, flag in enumerate(flags) if flag == "--tmpfs"}

        assert at("/opt/python/lib")[0] == "/tmp"
        assert at("/tmp/env/lib")[0] in at("/tmp/env/lib")[1]
        assert "/tmp" not in at("/tmp/env/lib")[1]


def _bound(flags):
    return {flags[i + 1] for i, flag in enumerate(flags) if flag.startswith("--ro-bind")}


def test_a_gpu_is_hidden_from_the_framework_unless_it_is_asked_for():
    assert environment.variables(home="/h", tmp="/t", device="cpu")["CUDA_VISIBLE_DEVICES"] == "-1"
    assert "CUDA_VISIBLE_DEVICES" not in environment.variables(home="/h", tmp="/t", device="cuda")


class TestShown:
    """Which parts of the host are shown, and through which links."""

    def test_links_on_the_way_are_told_and_followed(self, tmp_path):
        real = tmp_path.resolve()
        (real / "python-3.11.7/bin").mkdir(parents=True)
        (real / "python-3.11.7/bin/python3.11").touch()
        (real / "python-3.11").symlink_to("python-3.11.7")
        (real / "env").mkdir()
        (real / "env/python").symlink_to(real / "python-3.11/bin/python3.11")

        links, end = environment.followed(real / "env/python")

        assert end == real / "python-3.11.7/bin/python3.11"
        assert links == {
            str(real / "env/python"): str(real / "python-3.11/bin/python3.11"),
            str(real / "python-3.11"): "python-3.11.7",
        }

    def test_links_that_go_in_circles_end(self, tmp_path):
        (tmp_path / "a").symlink_to("b")
        (tmp_path / "b").symlink_to("a")

        assert len(environment.followed(tmp_path / "a")[0]) == 2

    def test_nothing_is_shown_twice(self):
        parts = [Path(part) for part in environment.shown("cpu").parts]

        assert not [(a, b) for a in parts for b in parts if a != b and a.is_relative_to(b)]
        assert not [part for part in parts if part.is_symlink()]

    def test_the_interpreter_and_its_packages_are_among_them(self):
        parts = [Path(part) for part in environment.shown("cpu").parts]
        needed = [Path(os.__file__).resolve(), Path(pytest.__file__).resolve(), Path(sys.executable).resolve()]

        assert all(any(path.is_relative_to(part) for part in parts) for path in needed)


@pytest.fixture
def wheel_install(tmp_path, monkeypatch):
    """A site-packages with the project installed from a wheel beside a framework, and a second name for it."""
    library = tmp_path.resolve() / "venv" / "lib"
    site = library / "python3.11" / "site-packages"
    for name in ("judge", "question_bank", "quizapp", "solutions", "quizapp-0.1.0.dist-info", "torch"):
        (site / name).mkdir(parents=True)
    (site / "_editable_impl_quizapp.pth").touch()
    (library.parent / "lib64").symlink_to("lib")
    monkeypatch.setattr(environment, "site_folders", lambda: [site])
    monkeypatch.setattr(environment, "interpreter_parts", lambda: [library, library.parent / "lib64"])
    return site


OURS = ("judge", "question_bank", "quizapp", "solutions", "quizapp-0.1.0.dist-info")


def test_installed_from_a_wheel_the_project_is_masked_in_the_box(wheel_install):
    flags = bwrap.arguments(device="cpu", as_root=False)
    masked = {flags[i + 1] for i, flag in enumerate(flags) if flag == "--tmpfs"}
    sealed = {flags[i + 1] for i, flag in enumerate(flags) if flag == "--remount-ro"}

    assert {str(wheel_install / name) for name in OURS} <= masked & sealed
    assert flags[flags.index(str(wheel_install / "_editable_impl_quizapp.pth")) - 1] == "/dev/null"


def test_installed_from_a_wheel_the_project_is_not_to_be_seen_under_another_name(wheel_install):
    flags = bwrap.arguments(device="cpu", as_root=False)
    library = wheel_install.parents[1]

    assert str(library) in _bound(flags)
    assert str(library.parent / "lib64") not in _bound(flags)
    assert flags[flags.index(str(library.parent / "lib64")) - 2 :][:2] == ["--symlink", "lib"]


def test_masks_come_after_what_they_cover(wheel_install):
    flags = bwrap.arguments(device="cpu", as_root=False)

    assert flags.index(str(wheel_install.parents[1])) < flags.index(str(wheel_install / "judge"))


def test_installed_from_a_wheel_landlock_grants_the_frameworks_and_not_the_project(wheel_install):
    granted = bare.readable("cpu")

    assert str(wheel_install / "torch") in granted
    assert not any(str(wheel_install / name) in granted for name in (*OURS, "_editable_impl_quizapp.pth"))
    assert not any(str(wheel_install).startswith(path + "/") for path in granted)


def probe_with(bwrap_works, landlock_works):
    tiers = {
        "bwrap": Tier(available=bwrap_works, reason="" if bwrap_works else "没有"),
        "landlock": Tier(available=landlock_works, reason="" if landlock_works else "没有"),
        "process": Tier(available=True),
    }
    return Probe(key="k", tiers=tiers, kernel="6", landlock_abi=7, bwrap=None, root=False)


@pytest.mark.parametrize(
    ("bwrap_works", "landlock_works", "best"), [(True, True, "bwrap"), (False, True, "landlock"), (False, False, None)]
)
def test_the_best_tier_is_never_the_one_that_isolates_nothing(bwrap_works, landlock_works, best):
    assert best_tier(probe_with(bwrap_works, landlock_works)) == best


class TestDoctor:
    """What is said about this machine."""

    def test_it_says_what_is_used_and_how_to_get_more(self):
        text = "\n".join(describe(probe_with(False, True)))

        assert "判题使用：landlock" in text
        assert all(line in text for line in advice())

    def test_with_the_best_tier_there_is_nothing_to_advise(self):
        assert "更强的隔离" not in "\n".join(describe(probe_with(True, True)))

    def test_without_isolation_it_says_so(self):
        assert "未隔离" in "\n".join(describe(probe_with(False, False)))

    def test_it_knows_where_it_is(self, tmp_path):
        (tmp_path / ".dockerenv").touch()
        for name, value in {
            "kernel/osrelease": "6.6.87-microsoft-standard-WSL2",
            "kernel/apparmor_restrict_unprivileged_userns": "1",
            "user/max_user_namespaces": "0",
        }.items():
            (tmp_path / "proc/sys" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "proc/sys" / name).write_text(value + "\n")

        assert surroundings(tmp_path) >= {"container", "wsl", "apparmor", "no_userns"}
        assert surroundings(tmp_path / "nothing") <= {"root"}

    @pytest.mark.parametrize(
        ("around", "word"),
        [
            ({"container"}, "--security-opt"),
            ({"apparmor"}, "AppArmor"),
            ({"no_userns"}, "max_user_namespaces"),
            ({"wsl"}, "wsl --update"),
            ({"macos"}, "macOS"),
            ({"windows"}, "WSL2"),
            (set(), "bubblewrap"),
        ],
    )
    def test_its_advice_fits_the_place(self, around, word):
        assert any(word in line for line in advice(around))

    def test_the_section_it_points_to_is_there(self):
        (page, section), *_ = re.findall(r"(docs/\S+\.md) 的「(.+?)」", "".join(advice({"apparmor"})))
        assert f"## {section}" in (Path(__file__).parents[2] / page).read_text(encoding="utf-8").splitlines()

    def test_on_an_old_kernel_it_says_what_landlock_lacks(self):
        found = probe_with(False, True).model_copy(update={"landlock_abi": 3})

        assert any("信号" in line for line in weaknesses(found))


class TestProbe:
    """What is remembered of a machine."""

    @pytest.fixture(autouse=True)
    def _own_cache(self, tmp_path, monkeypatch):
        monkeypatch.setenv("QUIZAPP_CACHE", str(tmp_path))
        monkeypatch.setattr(probing, "_MEMORY", {})
        monkeypatch.setattr(probing, "_landlock", lambda: Tier(available=False, reason="没有"))
        self.asked = 0

    def _machine(self, monkeypatch, works):
        def answer():
            self.asked += 1
            return Tier(available=works), "/usr/bin/bwrap"

        monkeypatch.setattr(probing, "_bwrap", answer)

    def test_a_machine_is_asked_once(self, monkeypatch):
        self._machine(monkeypatch, works=True)
        first = probing.probe()
        probing._MEMORY.clear()

        assert probing.probe() == first
        assert self.asked == 1

    def test_refreshing_asks_again(self, monkeypatch):
        self._machine(monkeypatch, works=True)
        probing.probe()
        probing.probe(refresh=True)

        assert self.asked == 2

    def test_who_has_no_isolation_is_asked_each_time(self, monkeypatch):
        self._machine(monkeypatch, works=False)
        assert best_tier(probing.probe()) is None
        self._machine(monkeypatch, works=True)

        assert best_tier(probing.probe()) == "bwrap"

    def test_another_setting_of_the_kernel_is_another_machine(self, monkeypatch):
        self._machine(monkeypatch, works=True)
        probing.probe()
        monkeypatch.setattr(probing, "_setting", lambda name: "changed")
        probing.probe()

        assert self.asked == 2

    def test_a_damaged_answer_is_asked_again(self, monkeypatch, tmp_path):
        self._machine(monkeypatch, works=True)
        probing.probe()
        probing._MEMORY.clear()
        (tmp_path / "isolation.json").write_text("{", encoding="utf-8")
        probing.probe()

        assert self.asked == 2

    def test_the_second_bubblewrap_serves_where_the_first_does_not(self, monkeypatch):
        monkeypatch.setattr(bwrap, "candidates", lambda: ["/usr/bin/bwrap", "/env/bwrap"])
        tried = []

        def ask(launch):
            tried.append(launch)
            return probing._Answer(len(tried) == 2, "Unknown option --size")

        monkeypatch.setattr(probing, "_ask", ask)
        tier, program = probing._bwrap()

        assert tier.available
        assert program == "/env/bwrap"

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ("bwrap: setting up uid map: Permission denied", "不允许创建命名空间"),
            ("bwrap: No permissions to create new namespace", "不允许创建命名空间"),
            ("bwrap: Unknown option --size", "太旧"),
            ("", "没有应答"),
        ],
    )
    def test_a_failure_is_told_in_a_sentence(self, said, told):
        assert told in probing._plain(said)


class TestScratch:
    """Emptying what hostile code has left."""

    def test_locked_deep_and_strange_things_go(self, tmp_path):
        top = tmp_path / "work"
        (top / "locked/inner").mkdir(parents=True)
        (top / "locked/inner/file").write_text("x")
        (top / "locked/inner").chmod(0o000)
        (top / "locked").chmod(0o400)
        os.mkfifo(top / "pipe")
        (top / "new\nline").touch()
        (Path(os.fsdecode(os.fsencode(top) + b"/\xff\xfe"))).mkdir()
        (top / "loop").symlink_to(top)
        here = os.open(top, os.O_RDONLY)
        for _ in range(2500):
            os.mkdir("d", dir_fd=here)
            inner = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
        os.close(here)

        assert scratch.empty(top)
        assert list(top.iterdir()) == []

    def test_what_a_link_leads_to_stays(self, tmp_path):
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "file").write_text("kept")
        top = tmp_path / "work"
        (top / "inner").mkdir(parents=True)
        (top / "link").symlink_to(outside)
        (top / "inner/link").symlink_to(outside)

        assert scratch.remove(top)
        assert (outside / "file").read_text() == "kept"
        assert not top.exists()

    def test_a_folder_that_is_not_there_is_told(self, tmp_path):
        assert not scratch.empty(tmp_path / "nothing")


class TestFamily:
    """Processes under one."""

    def test_children_and_grandchildren_are_found_with_their_group(self):
        child = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(30)'])",
            ]
        )
        deadline = time.monotonic() + 10
        while len(found := family.members(child.pid)) < 1 and time.monotonic() < deadline:
            time.sleep(0.02)
        family.end([*found, child.pid], [])
        child.wait()

        assert len(found) == 1
        assert set(found.values()) == {os.getpgid(0)}
        assert family.members(child.pid) == {}

    def test_without_the_kernels_own_list_the_same_are_found(self, monkeypatch):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
        try:
            listed = family.members(os.getpid())
            monkeypatch.setattr(family, "_LISTED", False)
            assert child.pid in listed
            assert child.pid in family.members(os.getpid())
        finally:
            child.kill()
            child.wait()

    def test_who_is_gone_is_no_error(self):
        family.end([2**22 - 1], [2**22 - 1])


def test_a_limit_that_this_system_does_not_know_is_passed_over():
    confine._set(-1, 1, 1)


def test_landlock_says_its_version():
    assert landlock.abi() >= 0


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="this kernel does not tell")
def test_who_waits_for_a_core_is_starved_and_who_sleeps_is_not():
    core = min(os.sched_getaffinity(0))
    busy = f"import os; os.sched_setaffinity(0, [{core}]); print(flush=True)\nwhile True: pass"
    with contextlib.ExitStack() as stack:
        spinning = [
            stack.enter_context(subprocess.Popen([sys.executable, "-c", busy], stdout=subprocess.PIPE)) for _ in range(2)
        ]
        sleeping = stack.enter_context(subprocess.Popen(["sleep", "60"]))
        for process in (*spinning, sleeping):
            stack.callback(process.kill)
        for process in spinning:
            process.stdout.readline()
        pids, idle = [process.pid for process in spinning], processes.starved_seconds(sleeping.pid)
        end = time.monotonic() + 30
        while sum(map(processes.starved_seconds, pids)) < 0.5:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert processes.starved_seconds(sleeping.pid) - idle < 0.1
    assert processes.starved_seconds(sleeping.pid) == 0
