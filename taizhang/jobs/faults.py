"""What goes wrong on a machine rather than in a request or a job."""

from __future__ import annotations

import errno

from django.db import DatabaseError, OperationalError


def is_disk_full(error: BaseException) -> bool:
    """Whether the disk or the database says that there is no room left."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    full = ("disk is full", "no space left", "disk full")
    return isinstance(error, DatabaseError) and any(word in str(error).lower() for word in full)


def is_busy(error: BaseException) -> bool:
    """Whether the database gave up waiting: another large write is going on.

    SQLite has one write lock for all; PostgreSQL has one for each row, such as that of the unit in
    which new records are being numbered.
    """
    said = ("database is locked", "lock timeout")
    return isinstance(error, OperationalError) and any(word in str(error) for word in said)
