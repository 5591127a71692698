"""Become another program that dies with its parent.

``python -m pendopo.entrypoints.child PARENT_PID COMMAND …``

On Linux the kernel sends SIGTERM when the parent is gone (``prctl(PR_SET_PDEATHSIG)``), which survives
``exec``; elsewhere the program is only run. Standard library only.
"""

import ctypes
import os
import shutil
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Ask for the signal, make sure that the parent did not die before we asked, and become the command."""
    parent, *command = arguments
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != int(parent):
            raise SystemExit(1)
    program = shutil.which(command[0]) or command[0]
    os.execv(program, command)  # noqa: S606  # the supervisor's own command


if __name__ == "__main__":
    main(sys.argv[1:])
