"""The fixed parts of a .docx: styles, settings, footers, properties, the map of facts.

Written as XML text rather than through python-docx: its template brings a hundred styles and a
time stamp, and content controls bound to a custom part have to be written by hand anyway.
"""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Mapping
from datetime import UTC
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from taizhang.documents.layout import (
    BODY_SIZE,
    BOTTOM,
    FANGSONG,
    HEITI,
    KAITI,
    LINE_PITCH,
    LOOKS,
    PAGE_NUMBER_DROP,
    PAGE_NUMBER_SIZE,
    SEAL_SIZE,
    SONG,
    TABLE_SIZE,
    TITLE_FACE,
    TRACKING,
    DocProperties,
    clean,
    twips,
)
from taizhang.engines.tree import Role

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CUSTOM_XML_REL = f"{R}/customXml"
FACTS = "urn:taizhang:facts:1"
"""Namespace of the map of facts; our own, stable: files live longer than programs."""

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DS = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml"

STYLE_IDS: Mapping[Role, str] = {
    "title": "Title", "byline": "Byline", "heading1": "Heading1", "heading2": "Heading2",
    "heading3": "Heading3", "body": "BodyText", "signature": "Signature", "note": "Note",
}  # fmt: skip
# Built-in names make Word's navigation pane and table of contents work.
_NARROWER = math.floor(TRACKING * 20) - 1
"""Twips between characters: the 0.205 pt by which 16 pt is too wide, rounded up to 0.25, and one
twip more, without which LibreOffice's own rounding sets 27. A 29th would need -0.75 pt."""
TABLE_TEXT, TABLE_HEAD = "TableText", "TableHead"
_STYLE_NAMES: Mapping[Role, str] = {
    "title": "Title", "byline": "Byline", "heading1": "heading 1", "heading2": "heading 2",
    "heading3": "heading 3", "body": "Body Text", "signature": "Signature", "note": "Note",
}  # fmt: skip


def fonts(face: str) -> str:
    """One face for Chinese and for digits and letters.

    GB/T 9704 sets all text in 仿宋 "如无特殊说明" and names no Latin face. Digits in 仿宋 are half
    as wide as a character, so that a line with figures keeps its 28; Times New Roman, which many
    offices use by habit, does not.
    """
    return f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}" w:cs="{face}"/>'


def size(points: float) -> str:
    """Type size; Word counts half points."""
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def spacing(lines_before: int = 0, lines_after: int = 0) -> str:
    """Fixed pitch; space around paragraphs is whole lines, so that the page keeps its grid."""
    return (
        f'<w:spacing w:before="{lines_before * LINE_PITCH}" w:after="{lines_after * LINE_PITCH}" '
        f'w:line="{LINE_PITCH}" w:lineRule="exact"/>'
    )


_PARAGRAPH: Mapping[Role, str] = {
    "title": '<w:jc w:val="center"/>',
    "byline": '<w:jc w:val="center"/>',
    "heading1": '<w:ind w:firstLineChars="200" w:firstLine="632"/>',
    "heading2": '<w:ind w:firstLineChars="200" w:firstLine="632"/>',
    "heading3": '<w:ind w:firstLineChars="200" w:firstLine="632"/>',
    "body": '<w:ind w:firstLineChars="200" w:firstLine="632"/>',
    # Without a stamp the signature ends two characters before the edge (GB/T 9704 7.3.5.2).
    "signature": '<w:ind w:rightChars="200" w:right="632"/><w:jc w:val="right"/>',
    "note": '<w:ind w:firstLineChars="200" w:firstLine="560"/>',
}


def _style(role: Role) -> str:
    look = LOOKS[role]
    keep = "<w:keepNext/>" if role in ("heading1", "heading2") else ""
    level = "" if look.level is None else f'<w:outlineLvl w:val="{look.level}"/>'
    following = "BodyText" if look.level is not None else STYLE_IDS[role]
    narrow = f'<w:spacing w:val="{_NARROWER}"/>' if look.size == BODY_SIZE else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{STYLE_IDS[role]}">'
        f'<w:name w:val="{_STYLE_NAMES[role]}"/><w:basedOn w:val="Normal"/>'
        f'<w:next w:val="{following}"/><w:qFormat/>'
        f"<w:pPr>{keep}{_PARAGRAPH[role]}{level}</w:pPr>"
        f"<w:rPr>{fonts(look.face)}{narrow}{size(look.size)}</w:rPr></w:style>"
    )


def _cell_style(name: str, face: str, side: str) -> str:
    # A style and not properties of the run: LibreOffice drops those of a bound control.
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:pPr>'
        f'<w:spacing w:line="360" w:lineRule="exact"/><w:jc w:val="{side}"/></w:pPr>'
        f"<w:rPr>{fonts(face)}{size(TABLE_SIZE)}</w:rPr></w:style>"
    )


def styles() -> str:
    """``word/styles.xml``.

    Normal carries 16 pt because the character grid counts from the size of Normal. The grid is
    declared, but paragraphs do not snap to it: LibreOffice gives a 16 pt character two cells of
    15.79 pt and prints 14 to a line. A spacing of -0.3 pt and justified lines give the same 28
    in every program. Widow control is off: it would move a 22nd line to the next page. No
    automatic space between Chinese and digits: it would break the 28 characters.
    """
    return (
        f'{HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'{fonts(FANGSONG)}<w:kern w:val="0"/>{size(BODY_SIZE)}'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr/></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        '<w:qFormat/><w:pPr><w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/>'
        f'<w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>{spacing()}<w:jc w:val="both"/>'
        f"</w:pPr><w:rPr>{size(BODY_SIZE)}</w:rPr></w:style>"
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:tblPr><w:tblCellMar><w:left w:w="85" w:type="dxa"/>'
        '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        f"{''.join(_style(role) for role in STYLE_IDS)}"
        f"{_cell_style(TABLE_TEXT, FANGSONG, 'left')}{_cell_style(TABLE_HEAD, HEITI, 'center')}"
        '<w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/>'
        '<w:basedOn w:val="Normal"/><w:pPr><w:spacing w:line="240" w:lineRule="auto"/></w:pPr>'
        f"<w:rPr>{fonts(SONG)}{size(PAGE_NUMBER_SIZE)}</w:rPr></w:style></w:styles>"
    )


def footer(side: str, seal: str) -> str:
    """Page number ``— 1 —`` one character in from the outer edge: odd right, even left."""
    edge = "right" if side == "right" else "left"
    line = (
        f'<w:p><w:pPr><w:pStyle w:val="Footer"/><w:ind w:{edge}Chars="100" w:{edge}="280"/>'
        f'<w:jc w:val="{edge}"/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r>'
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        '<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p>'
    )
    if seal:
        line += (
            '<w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="center"/></w:pPr><w:r><w:rPr>'
            f'{size(SEAL_SIZE)}</w:rPr><w:t xml:space="preserve">{escape(clean(seal))}</w:t></w:r>'
            "</w:p>"
        )
    return f'{HEAD}<w:ftr xmlns:w="{W}">{line}</w:ftr>'


def footer_distance(seal: str) -> int:
    """Twips from the paper's edge to the bottom of the footer, so that the dashes stand right.

    The dash lies about in the middle of its line; a line is 1.3 sizes high, the seal adds one.
    """
    half = PAGE_NUMBER_SIZE * 1.3 / 2 * 20
    below = SEAL_SIZE * 1.3 * 20 if seal else 0.0
    return round(twips(BOTTOM - PAGE_NUMBER_DROP) - half - below)


def settings() -> str:
    """``word/settings.xml``: different footers left and right, Chinese line breaking."""
    return (
        f'{HEAD}<w:settings xmlns:w="{W}"><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def font_table() -> str:
    """Which face may stand in where the named one is absent (its alternative name)."""
    faces = (
        (TITLE_FACE, "宋体"),
        (FANGSONG, "仿宋"),
        (KAITI, "楷体"),
        (HEITI, "SimHei"),
        (SONG, "SimSun"),
    )
    rows = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for face, other in faces
    )
    return f'{HEAD}<w:fonts xmlns:w="{W}">{rows}</w:fonts>'


def core(properties: DocProperties) -> str:
    """``docProps/core.xml``."""
    moment = properties.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    stamp = f'<dcterms:{{0}} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{{0}}>'
    texts = (
        ("dc:title", properties.title), ("dc:subject", properties.subject),
        ("dc:creator", properties.creator), ("cp:keywords", "; ".join(properties.keywords)),
    )  # fmt: skip
    body = "".join(f"<{tag}>{escape(clean(text))}</{tag}>" for tag, text in texts if text)
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{body}'
        f"{stamp.format('created')}{stamp.format('modified')}<dc:language>zh-CN</dc:language>"
        "</cp:coreProperties>"
    )


def facts_item(facts: Mapping[str, Mapping[str, Any]]) -> str:
    """``customXml/item1.xml``: id → fact.

    ``prints`` is bound to the content control, so Word changes it when the number is edited;
    ``data`` (canonical JSON) is bound to nothing and keeps what was printed and why.
    """
    rows = "".join(
        f"<fact id={quoteattr(clean(key))}><prints>{escape(clean(str(fact.get('prints', ''))))}"
        f"</prints><data>{escape(clean(_canonical(fact)))}</data></fact>"
        for key, fact in facts.items()
    )
    return f'{HEAD}<facts xmlns="{FACTS}">{rows}</facts>'


def _canonical(fact: Mapping[str, Any]) -> str:
    return json.dumps(dict(fact), ensure_ascii=False, sort_keys=True, default=str)


def store_id(item: str) -> str:
    """The GUID that binds controls to their part; from its content, so that bytes repeat."""
    return f"{{{str(uuid.uuid5(uuid.NAMESPACE_URL, FACTS + item)).upper()}}}"


def item_properties(store: str) -> str:
    """``customXml/itemProps1.xml``."""
    return (
        f'{HEAD}<ds:datastoreItem ds:itemID="{store}" xmlns:ds="{_DS}"><ds:schemaRefs>'
        f'<ds:schemaRef ds:uri="{FACTS}"/></ds:schemaRefs></ds:datastoreItem>'
    )


def relationships(rows: Mapping[str, tuple[str, str]]) -> str:
    """A ``.rels`` part: id → (type, target)."""
    body = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>'
        for key, (kind, target) in rows.items()
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{body}</Relationships>'


def content_types() -> str:
    """``[Content_Types].xml``."""
    kinds = {
        "/word/document.xml": f"{_MIME}.document.main+xml",
        "/word/styles.xml": f"{_MIME}.styles+xml",
        "/word/settings.xml": f"{_MIME}.settings+xml",
        "/word/fontTable.xml": f"{_MIME}.fontTable+xml",
        "/word/footer1.xml": f"{_MIME}.footer+xml",
        "/word/footer2.xml": f"{_MIME}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/customXml/itemProps1.xml": "application/vnd.openxmlformats-officedocument."
        "customXmlProperties+xml",
    }
    body = "".join(f'<Override PartName="{k}" ContentType="{v}"/>' for k, v in kinds.items())
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{body}</Types>'
    )


PACKAGE_RELATIONS = {
    "rId1": (f"{R}/officeDocument", "word/document.xml"),
    "rId2": (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
}
DOCUMENT_RELATIONS = {
    "rId1": (f"{R}/styles", "styles.xml"),
    "rId2": (f"{R}/settings", "settings.xml"),
    "rId3": (f"{R}/fontTable", "fontTable.xml"),
    "rId4": (f"{R}/footer", "footer1.xml"),
    "rId5": (f"{R}/footer", "footer2.xml"),
    "rId6": (CUSTOM_XML_REL, "../customXml/item1.xml"),
}
MARK_RELATION = {"rId7": (f"{R}/image", "media/mark.png")}
ITEM_RELATIONS = {"rId1": (f"{R}/customXmlProps", "itemProps1.xml")}


def picture(relation: str, size: float) -> str:
    """A run with a square picture of so many millimetres, in the line of the text."""
    edge = round(size * 36000)  # English metric units
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{drawing}/wordprocessingDrawing" distT="0" distB="0" '
        f'distL="0" distR="0"><wp:extent cx="{edge}" cy="{edge}"/><wp:docPr id="1" name="QR" '
        f'descr="QR"/><a:graphic xmlns:a="{drawing}/main"><a:graphicData uri="{drawing}/picture">'
        f'<pic:pic xmlns:pic="{drawing}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="QR"/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/><a:stretch>'
        f'<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{edge}" cy="{edge}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f"</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
