"""A seccomp deny-list as raw BPF: what model code never needs and an escape does. Linux on x86_64 and aarch64, stdlib only.

Source of the numbers: the kernel's `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

_NO_NEW_PRIVS, _SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NR, _ARCH, _ARG0, _ARG1 = 0, 4, 16, 24
_NEW_NAMESPACES = 0x7E020080
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_AF_UNIX = 1

# fmt: off
_DENIED_X86_64 = {
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "pidfd_getfd": 438, "pidfd_open": 434,
    "pidfd_send_signal": 424, "unshare": 272, "setns": 308, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161,
    "move_mount": 429, "open_tree": 428, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442,
    "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "keyctl": 250, "add_key": 248, "request_key": 249,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_by_handle_at": 304, "name_to_handle_at": 303,
    "kexec_load": 246, "kexec_file_load": 320, "init_module": 175, "finit_module": 313, "delete_module": 176, "swapon": 167,
    "swapoff": 168, "reboot": 169, "sethostname": 170, "setdomainname": 171, "syslog": 103, "acct": 163, "quotactl": 179,
    "iopl": 172, "ioperm": 173, "settimeofday": 164, "clock_settime": 227, "adjtimex": 159, "clock_adjtime": 305, "vhangup": 153,
    "lookup_dcookie": 212, "uselib": 134, "personality": 135, "memfd_create": 319, "memfd_secret": 447, "mknod": 133, "mknodat": 259,
    "migrate_pages": 256, "move_pages": 279, "mbind": 237, "set_mempolicy": 238, "sched_setattr": 314, "setpriority": 141,
    "fanotify_init": 300, "modify_ldt": 154, "ioprio_set": 251, "execve": 59, "execveat": 322, "shmget": 29, "msgget": 68, "semget": 64,
    "mq_open": 240,
}
_DENIED_AARCH64 = {
    "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272, "pidfd_getfd": 438, "pidfd_open": 434,
    "pidfd_send_signal": 424, "unshare": 97, "setns": 268, "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51,
    "move_mount": 429, "open_tree": 428, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442,
    "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "keyctl": 219, "add_key": 217, "request_key": 218,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_by_handle_at": 265, "name_to_handle_at": 264,
    "kexec_load": 104, "kexec_file_load": 294, "init_module": 105, "finit_module": 273, "delete_module": 106, "swapon": 224,
    "swapoff": 225, "reboot": 142, "sethostname": 161, "setdomainname": 162, "syslog": 116, "acct": 89, "quotactl": 60,
    "settimeofday": 170, "clock_settime": 112, "adjtimex": 171, "clock_adjtime": 266, "vhangup": 58, "lookup_dcookie": 18,
    "personality": 92, "memfd_create": 279, "memfd_secret": 447, "mknodat": 33, "migrate_pages": 238, "move_pages": 239,
    "mbind": 235, "set_mempolicy": 237, "sched_setattr": 274, "setpriority": 140, "ioprio_set": 30, "fanotify_init": 262, "execve": 221,
    "execveat": 281, "shmget": 194, "msgget": 186, "semget": 190, "mq_open": 180,
}
# fmt: on
_ARCHITECTURES = {
    # machine: (audit arch, denied, socket, clone, ioctl)
    "x86_64": (0xC000003E, _DENIED_X86_64, 41, 56, 16),
    "aarch64": (0xC00000B7, _DENIED_AARCH64, 198, 220, 29),
}
_CLONE3 = 435
# Their first argument is a pid, and one uid may use them on another process of its own: on the zygote that serves the next submission.
_ON_ITSELF_ONLY = {
    "x86_64": {"prlimit64": 302, "sched_setaffinity": 203, "sched_setscheduler": 144, "sched_setparam": 142},
    "aarch64": {"prlimit64": 261, "sched_setaffinity": 122, "sched_setscheduler": 119, "sched_setparam": 118},
}


def supported() -> bool:
    """Whether this machine's numbers are known."""
    return platform.machine() in _ARCHITECTURES


def program(*, unix_sockets: bool, machine: str | None = None) -> bytes:
    """The filter as BPF instructions. `unix_sockets`: allow AF_UNIX (harmless only where the network namespace is private)."""
    arch, denied, socket_nr, clone, ioctl = _ARCHITECTURES[machine or platform.machine()]
    code = _Code()
    code.load(_ARCH)
    code.unless_equal(arch, _KILL_PROCESS)
    code.load(_NR)
    if arch == 0xC000003E:  # the x32 table would go round every number below
        code.when(_AT_LEAST, 0x40000000, _KILL_PROCESS)
    for number in denied.values():
        code.when(_EQUAL, number, _ERRNO | errno.EPERM)
    code.when(_EQUAL, _CLONE3, _ERRNO | errno.ENOSYS)  # glibc falls back to clone, whose flags can be read here
    code.guard_argument(socket_nr, _ARG0, _EQUAL, _AF_UNIX, allow=unix_sockets, error=errno.EACCES)
    for number in _ON_ITSELF_ONLY[machine or platform.machine()].values():
        code.guard_argument(number, _ARG0, _EQUAL, 0, allow=True, error=errno.EPERM)
    code.forbid_argument(clone, _ARG0, _ANY_BIT, _NEW_NAMESPACES)
    code.forbid_argument(ioctl, _ARG1, _EQUAL, _TIOCSTI)
    code.forbid_argument(ioctl, _ARG1, _EQUAL, _TIOCLINUX)
    code.end(_ALLOW)
    return code.bytes()


def install(*, unix_sockets: bool) -> None:
    """Put the filter on this thread and its children, for good. Raises `OSError`."""
    raw = program(unix_sockets=unix_sockets)
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
    """A list of BPF instructions; every jump is short and forward."""

    def __init__(self) -> None:
        self._out: list[bytes] = []

    def _add(self, code: int, yes: int, no: int, value: int) -> None:
        self._out.append(struct.pack("=HBBI", code, yes, no, value & 0xFFFFFFFF))

    def load(self, offset: int) -> None:
        self._add(_LOAD, 0, 0, offset)

    def end(self, action: int) -> None:
        self._add(_RETURN, 0, 0, action)

    def when(self, test: int, value: int, action: int) -> None:
        self._add(test, 0, 1, value)
        self.end(action)

    def unless_equal(self, value: int, action: int) -> None:
        self._add(_EQUAL, 1, 0, value)
        self.end(action)

    def forbid_argument(self, number: int, argument: int, test: int, value: int) -> None:
        """EPERM for this call when the argument matches."""
        self._add(_EQUAL, 0, 4, number)
        self.load(argument)
        self._add(test, 0, 1, value)
        self.end(_ERRNO | errno.EPERM)
        self.load(_NR)

    def guard_argument(self, number: int, argument: int, test: int, value: int, *, allow: bool, error: int) -> None:
        """This call only when the argument matches (never, unless `allow`)."""
        if not allow:
            self.when(_EQUAL, number, _ERRNO | error)
            return
        self._add(_EQUAL, 0, 4, number)
        self.load(argument)
        self._add(test, 1, 0, value)
        self.end(_ERRNO | error)
        self.load(_NR)

    def bytes(self) -> bytes:
        return b"".join(self._out)
