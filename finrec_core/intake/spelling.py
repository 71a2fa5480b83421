"""The spelling of ids: what is written around and inside an id that does not belong to it."""

import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

# What shows nothing: zero width, soft hyphens, marks of direction and of byte order.
UNSEEN = [0x00AD, 0x034F, 0x061C, 0x180E, 0x200B, *range(0x200E, 0x2010), *range(0x202A, 0x202F)]
UNSEEN += [*range(0x2060, 0x2065), *range(0x2066, 0x2070), 0xFEFF]
BLANKS = [0x00A0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
ALIKE = str.maketrans(
    {
        **dict.fromkeys(UNSEEN, None),
        **dict.fromkeys(BLANKS, " "),
        **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},  # full width
        **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2212), "-"),
        **dict.fromkeys((0x201C, 0x201D, 0x201E, 0x00AB, 0x00BB), '"'),
        **dict.fromkeys((0x2018, 0x2019, 0x201A), "'"),
    }
)
JOINERS = re.compile("[\u200c\u200d]")  # they shape the letters of some scripts, and none of ours
GUARDED = r'^="([^"]*)"$'  # a spreadsheet's way to keep 00123 a text
APOSTROPHE = r"^'([-+=@\d].*)$"  # another one, seen where the text is exported as it was typed
QUOTED = r'^"([^"]*)"$'
SINGLE = r"^'([^']*)'$"
BYTES = r"""^b(?:'([^']*)'|"([^"]*)")$"""  # how Python prints bytes


def spelled(written: pa.Array) -> pa.Array:
    r"""Return ids in the one spelling in which equal ones are equal texts; empty cells stay empty.

    Marks that show nothing, blanks around, quotation marks and a spreadsheet's guards (`="00123"`,
    `'00123`) are taken off, letters of full width and in parts are written as one plain letter. Upper
    and lower case, zeros and all that may tell two ids apart stays.

    >>> spelled(pa.array(['="00123"', " b\u200b7 ", "\uff23\uff11", "Ju\u0308rg"])).to_pylist()
    ['00123', 'b7', 'C1', 'Jürg']
    """
    if not pc.all(pc.string_is_ascii(pc.fill_null(written, ""))).as_py():
        odd = pc.invert(pc.string_is_ascii(pc.fill_null(written, "")))
        plain = [_plain(text) for text in written.filter(odd).to_pylist()]
        written = pc.replace_with_mask(written, odd, pa.array(plain, written.type))
    ids = pc.utf8_trim_whitespace(written)
    marked = pc.match_substring_regex(ids, r"""^=?["']|^b["']""")
    if not pc.any(marked).as_py():
        return ids
    return pc.if_else(pc.fill_null(marked, fill_value=False), _unwrapped(ids), ids)


def _unwrapped(ids: pa.Array) -> pa.Array:
    """Return ids without the marks around them; of one that holds nothing else, nothing is left."""
    for pattern, inside in (
        (GUARDED, r"\1"),
        (BYTES, r"\1\2"),
        (QUOTED, r"\1"),
        (SINGLE, r"\1"),
        (APOSTROPHE, r"\1"),
    ):
        ids = pc.utf8_trim_whitespace(pc.replace_substring_regex(ids, pattern=pattern, replacement=inside))
    return ids


def _plain(text: str) -> str:
    """Return a text with look-alikes of plain characters replaced, its accents one with their letters."""
    text = text.translate(ALIKE)
    bare = JOINERS.sub("", text)
    text = bare if bare.isascii() else text
    if text.isdecimal():
        text = "".join(str(unicodedata.decimal(figure)) for figure in text)
    return unicodedata.normalize("NFC", text)
