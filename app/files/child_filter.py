"""What is left of the system for a process that opens uploads (run by `child`): memory, and the socket it has.

A list of what may be called, by seccomp (Linux, x86-64 and AArch64). All the rest answers EPERM: files to erase or
rename, processes to start, stop or look into, sockets. A thread may start (the decoder of HEIC has one): it is held by
the same list, and ends with its process.
"""

import ctypes
import os
import signal
import struct
import sys

# Name: number on x86-64, number on AArch64 (asm/unistd_64.h, asm-generic/unistd.h of Linux).
CALLS = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "exit": (60, 93),
    "getcwd": (79, 17),  # Pillow asks before it encodes
    "gettimeofday": (96, 169),
    "futex": (202, 98),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "exit_group": (231, 94),
    "set_robust_list": (273, 99),  # a thread that starts
    "getrandom": (318, 278),
    "rseq": (334, 293),  # a thread that starts
}
CLONE, CLONE3 = (56, 220), (435, 435)  # what starts a thread also starts a process
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH_…

LOAD, EQUALS, AND, RETURN = 0x20, 0x15, 0x54, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_ALU|AND|K, BPF_RET|K
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT = 0, 4, 16  # in struct seccomp_data
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000  # SECCOMP_RET_…; the second with EPERM
ABSENT = 0x00050026  # with ENOSYS: the flags of clone3 cannot be read from here, so libraries call clone
THREAD, DETACHED = 0x003D0F00, 0x00400000  # the flags of a new thread, CLONE_DETACHED aside (musl says it)
END_WITH_PARENT, NO_NEW_PRIVS, SET_SECCOMP, BY_FILTER = 1, 38, 22, 2  # PR_…, SECCOMP_MODE_FILTER
prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def end_with_parent() -> None:
    """Be killed when the parent ends."""
    if prctl:
        prctl(END_WITH_PARENT, signal.SIGKILL, 0, 0, 0)


def refuse_the_rest() -> bool:
    """Give up, for good, every call that is not in the list; false where the system has no such filter."""
    column, architecture = MACHINES.get(os.uname().machine, (0, 0))
    if not prctl or not architecture:
        return False
    allowed = [numbers[column] for numbers in CALLS.values()]
    code = instructions(architecture, allowed, CLONE[column], CLONE3[column])
    program = ctypes.byref(Program(len(code) // 8, code))
    done = (prctl(NO_NEW_PRIVS, 1, 0, 0, 0), prctl(SET_SECCOMP, BY_FILTER, program, 0, 0))
    return done == (0, 0)


def instructions(architecture: int, allowed: list[int], clone: int, clone3: int) -> bytes:
    """The filter: (code, jump if true, jump if false, constant) for each instruction."""
    lines = [(LOAD, 0, 0, ARCHITECTURE_AT), (EQUALS, 1, 0, architecture), (RETURN, 0, 0, KILL)]
    lines += [(LOAD, 0, 0, NUMBER_AT), (EQUALS, 0, 1, clone3), (RETURN, 0, 0, ABSENT), (EQUALS, 0, 3, clone)]
    lines += [(LOAD, 0, 0, FIRST_ARGUMENT_AT), (AND, 0, 0, 0xFFFFFFFF ^ DETACHED)]
    lines += [(EQUALS, len(allowed) + 1, len(allowed), THREAD)]
    for rank, number in enumerate(allowed):
        lines.append((EQUALS, len(allowed) - rank, 0, number))
    lines += [(RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
