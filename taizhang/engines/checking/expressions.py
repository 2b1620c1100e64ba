"""Regular expressions that are compiled when they are first used.

The rules have some six hundred, a report needs the third of them, and compiling all took longer than
checking.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    expression = re.compile
else:

    class expression:
        """What ``re.compile`` returns, made at the first call of one of its methods."""

        def __init__(self, pattern: str, flags: int = 0) -> None:
            self.pattern, self.flags = pattern, flags

        def __getattr__(self, name: str) -> Any:
            """Compile, and keep the methods that find: from then on they are found here at once."""
            compiled = re.compile(self.pattern, self.flags)
            for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split"):
                setattr(self, method, getattr(compiled, method))
            return getattr(compiled, name)
