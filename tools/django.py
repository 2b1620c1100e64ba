"""Django's own commands with compiled words: ``python -m tools.django makemigrations``."""

from __future__ import annotations

import os
import sys
import tempfile

if __name__ == "__main__":
    os.environ.setdefault("TAIZHANG_HOME", tempfile.mkdtemp(prefix="taizhang-"))
    from taizhang import prepare

    prepare.django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["django", *sys.argv[1:]])
