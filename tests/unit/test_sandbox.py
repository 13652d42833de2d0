"""The parts of the sandbox that are plain functions: filters, command lines, what is hidden, what is said."""

import struct
from pathlib import Path

import pytest

from judge.sandbox import bare, best_tier, bwrap, environment
from judge.sandbox.doctor import advice, describe
from judge.sandbox.probing import Probe, Tier
from judge.worker import confine, landlock, seccomp


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


ALLOW, KILL = 0x7FFF0000, 0x80000000
MACHINES = {"x86_64": (0xC000003E, 41, 56, 16, 59), "aarch64": (0xC00000B7, 198, 220, 29, 221)}


@pytest.mark.parametrize("machine", MACHINES)
class TestSeccomp:
    """The filter, on both architectures."""

    def answer(self, machine, number, *arguments, unix_sockets=True):
        program = seccomp.program(unix_sockets=unix_sockets, machine=machine)
        return run_filter(program, arch=MACHINES[machine][0], number=number, arguments=(*arguments, 0, 0)[:2])

    def test_ordinary_calls_pass(self, machine):
        assert self.answer(machine, 1000) == ALLOW

    def test_programs_cannot_be_started(self, machine):
        assert self.answer(machine, MACHINES[machine][4]) & 0xFFFF0000 == 0x00050000

    def test_only_unix_sockets(self, machine):
        socket = MACHINES[machine][1]
        assert self.answer(machine, socket, 1) == ALLOW
        assert self.answer(machine, socket, 2) != ALLOW
        assert self.answer(machine, socket, 1, unix_sockets=False) != ALLOW

    def test_processes_may_fork_but_not_into_namespaces(self, machine):
        clone = MACHINES[machine][2]
        assert self.answer(machine, clone, 0x1200011) == ALLOW
        assert self.answer(machine, clone, 0x10000000) != ALLOW

    def test_typing_into_the_terminal_is_denied(self, machine):
        ioctl = MACHINES[machine][3]
        assert self.answer(machine, ioctl, 0, 0x5401) == ALLOW
        assert self.answer(machine, ioctl, 0, 0x5412) != ALLOW

    def test_clone3_is_not_implemented_rather_than_denied(self, machine):
        assert self.answer(machine, 435) == 0x00050000 | 38

    def test_another_architecture_is_killed(self, machine):
        program = seccomp.program(unix_sockets=True, machine=machine)
        assert run_filter(program, arch=0x40000003, number=1) == KILL


def test_x32_calls_are_killed():
    program = seccomp.program(unix_sockets=True, machine="x86_64")

    assert run_filter(program, arch=0xC000003E, number=0x40000000 + 59) == KILL


def test_every_named_path_of_the_project_in_a_box_is_on_the_untrusted_side():
    flags = bwrap.arguments(device="cpu", as_root=False)
    project = str(environment.PACKAGE)

    bound = [Path(flag).relative_to(project).parts[0] for flag in flags if flag.startswith(project)]
    assert set(bound) == set(environment.VISIBLE)


def test_as_an_ordinary_user_the_box_has_a_user_namespace_and_no_other():
    flags = bwrap.arguments(device="cpu", as_root=False)

    assert "--unshare-user" in flags
    assert "--disable-userns" in flags
    assert "CAP_SETUID" not in flags


def test_as_root_the_box_keeps_only_what_it_needs_to_become_nobody():
    flags = bwrap.arguments(device="cpu", as_root=True)

    assert "--unshare-user" not in flags
    assert [flags[i + 1] for i, flag in enumerate(flags) if flag == "--cap-add"] == ["CAP_SETUID", "CAP_SETGID"]


def test_every_tmpfs_has_a_size():
    flags = bwrap.arguments(device="cpu", as_root=False)
    places = [i for i, flag in enumerate(flags) if flag == "--tmpfs"]

    assert places
    assert all(flags[i - 2] == "--size" for i in places if flags[i + 1] not in map(str, environment.our_installed_files()))


def test_a_gpu_is_only_bound_when_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(environment, "gpu_devices", lambda: ["/dev/nvidia0", "/dev/nvidiactl"])

    assert "/dev/nvidia0" not in bwrap.arguments(device="cpu", as_root=False)
    assert "/dev/nvidia0" in bwrap.arguments(device="cuda", as_root=False)


def test_a_gpu_is_hidden_from_the_framework_unless_it_is_asked_for():
    assert environment.variables(home="/h", tmp="/t", device="cpu")["CUDA_VISIBLE_DEVICES"] == "-1"
    assert "CUDA_VISIBLE_DEVICES" not in environment.variables(home="/h", tmp="/t", device="cuda")


@pytest.fixture
def wheel_install(tmp_path, monkeypatch):
    """A site-packages with the project installed from a wheel beside a framework."""
    site = tmp_path / "venv" / "lib" / "python3.11" / "site-packages"
    for name in ("judge", "question_bank", "quizapp", "solutions", "quizapp-0.1.0.dist-info", "torch"):
        (site / name).mkdir(parents=True)
    monkeypatch.setattr(environment, "site_packages", lambda: site)
    monkeypatch.setattr(environment, "interpreter_folders", lambda: [str(tmp_path / "venv")])
    return site


def test_installed_from_a_wheel_the_project_is_masked_in_the_box(wheel_install):
    flags = bwrap.arguments(device="cpu", as_root=False)
    masked = {flags[i + 1] for i, flag in enumerate(flags) if flag == "--tmpfs"}

    assert {
        str(wheel_install / name) for name in ("judge", "question_bank", "quizapp", "solutions", "quizapp-0.1.0.dist-info")
    } <= masked


def test_installed_from_a_wheel_landlock_grants_the_frameworks_and_not_the_project(wheel_install):
    granted = bare.readable()

    assert str(wheel_install / "torch") in granted
    assert not any(str(wheel_install / name) in granted for name in environment.OURS)
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


def test_the_doctor_says_what_is_used_and_how_to_get_more():
    text = "\n".join(describe(probe_with(False, True)))

    assert "判题使用：landlock" in text
    assert all(line in text for line in advice())


def test_limits_never_exceed_what_the_machine_allows():
    confine._set(-1, 1, 1)  # a limit this system does not know is passed over


def test_landlock_says_its_version():
    assert landlock.abi() >= 0
