"""A report of ours as it comes back from somebody's desk, for browser stories and pictures."""

from __future__ import annotations

import io
import re
import zipfile

_CONTROL = r"<w:sdt>(?:(?!</w:sdt>).)*?<w:sdtContent>(.*?)</w:sdtContent></w:sdt>"


def edited(content: bytes) -> bytes:
    """The demo's annual report with words changed, a number typed over and one control lost."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/document.xml":
                text = part.decode().replace("全年开展", "这一年扎实开展")
                text = text.replace(">24场次<", ">26场次<", 1)
                part = re.sub(_CONTROL, r"\1", text, count=1).encode()
            new.writestr(name, part)
    return target.getvalue()
