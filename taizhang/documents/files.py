"""Writing files so that a failure leaves nothing half done.

A reader must never meet a half-written workbook or report. So we write beside the target, flush to
the disk, and put the new file in place of the old one in one step (POSIX ``rename``).
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import BinaryIO, cast

from taizhang.engines.findings import Refused

Target = Path | BinaryIO

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def refused_write(path: Path, error: OSError) -> Refused:
    """Turn a failed write into the refusal that names the place and the reason."""
    code = "document.disk-full" if error.errno in _FULL else "document.cannot-write"
    reason = error.strerror or type(error).__name__
    return Refused.because(code, str(path), path=str(path), reason=reason)


@contextmanager
def atomic_target(path: Path) -> Iterator[BinaryIO]:
    """Give a binary file to write; it takes the place of ``path`` only when all went well.

    An existing file keeps its permissions; a new one gets those of the umask. On any failure the
    temporary file is removed and ``path`` is as it was. Raises Refused ``document.disk-full`` or
    ``document.cannot-write`` (path, reason) for errors of the operating system.
    """
    # Beside the target, not in /tmp: os.replace is atomic only within one file system.
    temporary = path.with_name(f".{path.name[:80]}.{secrets.token_hex(6)}.part")
    try:
        with _created(temporary) as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        with suppress(FileNotFoundError):
            temporary.chmod(path.stat().st_mode & 0o777)
        os.replace(temporary, path)
        _sync_directory(path.parent)
    except OSError as error:
        raise refused_write(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def opened(target: Target) -> AbstractContextManager[BinaryIO]:
    """Give something to write to: ``atomic_target`` of a path, or the open file itself."""
    if isinstance(target, Path):
        return atomic_target(target)
    return nullcontext(target)


def _created(path: Path) -> BinaryIO:
    # O_EXCL: a planted link of that name is never followed. Mode 0666 is cut down by the umask.
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o666)
    return cast(BinaryIO, os.fdopen(descriptor, "wb"))


def _sync_directory(folder: Path) -> None:
    # Without this a power cut may bring the old name back. Some file systems do not offer it.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
