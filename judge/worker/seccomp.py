"""A seccomp deny-list as raw BPF: what model code never needs and an escape does. Linux on x86_64 and aarch64, stdlib only.

Source of the numbers: the kernel's `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`, as of Linux 6.1. Calls newer
than that are answered ENOSYS, as an older kernel would.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

_NO_NEW_PRIVS, _SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NR, _ARCH, _ARG0, _ARG1 = 0, 4, 16, 24
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column in the tables below, audit number
_X32_BIT = 0x40000000
_FIRST_UNKNOWN = 450
_NEW_NAMESPACES = 0x7E020080
_AF_UNIX = 1
_EVERYBODY = 0xFFFFFFFF

# fmt: off
_DENIED: dict[str, tuple[int | None, int | None]] = {
    # looking into other processes, and holding on to them
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "kcmp": (312, 272), "pidfd_getfd": (438, 438), "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424),
    "migrate_pages": (256, 238), "move_pages": (279, 239), "sched_setattr": (314, 274), "setpriority": (141, 140), "ioprio_set": (251, 30),
    # namespaces and mounts
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "move_mount": (429, 429), "open_tree": (428, 428), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "mknod": (133, None), "mknodat": (259, 33), "swapon": (167, 224), "swapoff": (168, 225),
    "quotactl": (179, 60), "quotactl_fd": (443, 443), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    # large and young parts of the kernel, where its holes are found
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "io_setup": (206, 0), "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "fanotify_init": (300, 262), "inotify_init": (253, None), "inotify_init1": (294, 26), "modify_ldt": (154, None), "personality": (135, 92),
    "uselib": (134, None), "lookup_dcookie": (212, 18), "nfsservctl": (180, 42), "vhangup": (153, 58), "acct": (163, 89),
    # the machine itself
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "reboot": (169, 142), "sethostname": (170, 161), "setdomainname": (171, 162), "syslog": (103, 116), "iopl": (172, None), "ioperm": (173, None),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
    # other programs, and memory that no limit counts
    "execve": (59, 221), "execveat": (322, 281), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
}
_PLACEMENT = {"mbind": (237, 235), "set_mempolicy": (238, 237)}
# The first argument is a pid, and one uid may use them on any process of its own: on the zygote that serves the next submission.
_ON_ITSELF_ONLY = {
    "prlimit64": (302, 261), "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
}
_SIGNAL = {"kill": (62, 129), "tgkill": (234, 131), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240)}
# Leaving the process group by which a box without a pid namespace is ended.
_NEW_GROUP = {"setsid": (112, 157), "setpgid": (109, 154)}
# By path or on a read-only descriptor, as the owner: Landlock does not see them. They are answered as done and not done, because copying
# a file in one's own scratch folder calls them too.
_METADATA: dict[str, tuple[int | None, int | None]] = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "chown": (92, None), "fchown": (93, 55), "lchown": (94, None),
    "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
}
_ATTRIBUTES = {
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
}
_TRUNCATE, _SOCKET, _CLONE, _CLONE3 = (76, 45), (41, 198), (56, 220), (435, 435)
_FCNTL, _IOCTL, _PRCTL = (72, 25), (16, 29), (157, 167)
# fmt: on
# Signals by way of a descriptor (F_SETOWN, F_SETSIG, F_SETOWN_EX), leases that stop the owner of a file (F_SETLEASE), watching folders (F_NOTIFY).
_FCNTL_DENIED = (8, 10, 15, 1024, 1026)
# TIOCSTI, TIOCLINUX: typing into a terminal. FIOSETOWN, SIOCSPGRP: F_SETOWN again. FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR: attributes again.
_IOCTL_DENIED = (0x5412, 0x541C, 0x8901, 0x8902, 0x40086602, 0x401C5820)
# PR_SET_DUMPABLE: a core dump, and the owner's access to /proc/<pid>. PR_SET_MM: what /proc tells about it. PR_SET_PTRACER.
_PRCTL_DENIED = (4, 35, 0x59616D61)


@dataclass(frozen=True)
class Rules:
    """What depends on where the process is.

    `namespaced`: it has pid, network and mount namespaces of its own. Without, Unix sockets reach the machine's services, attributes of the
    user's files can be changed, and a process that leaves its group is lost.
    `signals_scoped`: Landlock already keeps signals inside (ABI 6).
    `zygote`, `zygote_group`, `own`: pids, as this process sees them.
    `memory_placement`: NUMA calls, which GPU drivers make.
    """

    namespaced: bool
    signals_scoped: bool = True
    zygote: int = 0
    zygote_group: int = 0
    own: int = 0
    memory_placement: bool = False


def supported() -> bool:
    """Whether this machine's numbers are known."""
    return platform.machine() in _ARCHITECTURES


def program(rules: Rules, machine: str | None = None) -> bytes:
    """The filter as BPF instructions, for this machine or for a named one."""
    column, arch = _ARCHITECTURES[machine or platform.machine()]
    code = _Code(column)
    code.begin(arch)
    for denied in (*_DENIED.values(), *(() if rules.memory_placement else _PLACEMENT.values())):
        code.answer(denied, errno.EPERM)
    code.answer(_CLONE3, errno.ENOSYS)  # glibc falls back to clone, whose flags can be read here
    code.refuse(_CLONE, _ARG0, _ANY_BIT, _NEW_NAMESPACES)
    for pair in _ON_ITSELF_ONLY.values():
        code.only(pair, _ARG0, (0,))
    for pair, commands in ((_FCNTL, _FCNTL_DENIED), (_IOCTL, _IOCTL_DENIED)):
        code.refuse(pair, _ARG1, _EQUAL, *commands)
    code.refuse(_PRCTL, _ARG0, _EQUAL, *_PRCTL_DENIED)
    if rules.namespaced:
        code.only(_SOCKET, _ARG0, (_AF_UNIX,))
    else:
        _without_namespaces(code)
    _signals(code, rules)
    code.end(_ALLOW)
    return code.bytes()


def _without_namespaces(code: _Code) -> None:
    code.answer(_SOCKET, errno.EACCES)
    code.answer(_TRUNCATE, errno.EPERM)  # Landlock knows it from ABI 3
    for pair in _NEW_GROUP.values():
        code.answer(pair, errno.EPERM)
    for pretended in _METADATA.values():
        code.answer(pretended, 0)
    for pair in _ATTRIBUTES.values():
        code.answer(pair, errno.EOPNOTSUPP)


def _signals(code: _Code, rules: Rules) -> None:
    """In a pid namespace only the zygote must be out of reach. Without one and without Landlock's scope: nobody but oneself."""
    if rules.namespaced:
        code.refuse(_SIGNAL["kill"], _ARG0, _EQUAL, rules.zygote, -rules.zygote_group or _EVERYBODY, _EVERYBODY)
        for name in ("tgkill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
            code.refuse(_SIGNAL[name], _ARG0, _EQUAL, rules.zygote)
    elif not rules.signals_scoped:
        code.only(_SIGNAL["kill"], _ARG0, (0, rules.own))
        code.only(_SIGNAL["tgkill"], _ARG0, (rules.own,))
        for name in ("tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
            code.answer(_SIGNAL[name], errno.EPERM)


def install(rules: Rules) -> None:
    """Put the filter on this thread and its children, for good. Raises `OSError`."""
    raw = program(rules)
    buffer = ctypes.create_string_buffer(raw, len(raw))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    handed = Program(len(raw) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in ((_NO_NEW_PRIVS, 1, 0, 0, 0), (_SECCOMP, _FILTER, ctypes.byref(handed), 0, 0)):
        if libc.prctl(*arguments):
            number = ctypes.get_errno()
            raise OSError(number, f"seccomp: {os.strerror(number)}")


class _Code:
    """A list of BPF instructions; every jump is short and forward. Between two rules the accumulator holds the call's number."""

    def __init__(self, column: int) -> None:
        self._column = column
        self._out: list[bytes] = []

    def _add(self, code: int, yes: int, no: int, value: int) -> None:
        self._out.append(struct.pack("=HBBI", code, yes, no, value & 0xFFFFFFFF))

    def begin(self, arch: int) -> None:
        """Kill what is called by another table of numbers; answer ENOSYS to numbers that are not known."""
        self._add(_LOAD, 0, 0, _ARCH)
        self._add(_EQUAL, 1, 0, arch)
        self.end(_KILL_PROCESS)
        self._add(_LOAD, 0, 0, _NR)
        self._add(_AT_LEAST, 0, 1, _X32_BIT)
        self.end(_KILL_PROCESS)
        self._add(_AT_LEAST, 0, 1, _FIRST_UNKNOWN)
        self.end(_ERRNO | errno.ENOSYS)

    def end(self, action: int) -> None:
        self._add(_RETURN, 0, 0, action)

    def answer(self, pair: tuple[int | None, int | None], error: int) -> None:
        """This call is not made; it returns -1 with `error`, or 0."""
        if (number := pair[self._column]) is not None:
            self._add(_EQUAL, 0, 1, number)
            self.end(_ERRNO | error)

    def refuse(self, pair: tuple[int, int], argument: int, test: int, *values: int) -> None:
        """EPERM for this call when the argument matches one of `values`."""
        count = len(values)
        self._add(_EQUAL, 0, count + 3, pair[self._column])
        self._add(_LOAD, 0, 0, argument)
        for left, value in zip(reversed(range(count)), values, strict=True):
            self._add(test, left, 0 if left else 1, value)
        self.end(_ERRNO | errno.EPERM)
        self._add(_LOAD, 0, 0, _NR)

    def only(self, pair: tuple[int, int], argument: int, values: tuple[int, ...]) -> None:
        """EPERM for this call unless the argument is one of `values`."""
        count = len(values)
        self._add(_EQUAL, 0, count + 3, pair[self._column])
        self._add(_LOAD, 0, 0, argument)
        for left, value in zip(reversed(range(count)), values, strict=True):
            self._add(_EQUAL, left + 1, 0, value)
        self.end(_ERRNO | errno.EPERM)
        self._add(_LOAD, 0, 0, _NR)

    def bytes(self) -> bytes:
        return b"".join(self._out)
