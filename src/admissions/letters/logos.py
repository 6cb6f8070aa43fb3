"""How large a logo may be: a small file can hold a picture that takes gigabytes once unpacked."""

from __future__ import annotations

import base64
import binascii
import re

LOGO_BYTES = 1024 * 1024
"""So large a logo's file may be: it stands in every letter."""
LOGO_PIXELS = 4_000_000
"""So many pixels its pictures may have together."""
LOGOS = {".svg": "svg", ".png": "png", ".jpg": "jpg", ".jpeg": "jpg"}
"""How the name of a logo's file ends, and what it is then."""
_PNG = b"\x89PNG\r\n\x1a\n"
_EMBEDDED = re.compile(rb"data:image/[a-z+.-]+;(?:[a-z0-9=-]+;)*base64,([A-Za-z0-9+/=\s]+)", re.I)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers of a JPEG after which its height and width stand."""


def is_too_large(image: bytes) -> bool:
    """Whether a logo's file, or the pictures in it, are larger than a logo is."""
    return len(image) > LOGO_BYTES or sum(map(_pixels, _pictures(image))) > LOGO_PIXELS


def _pictures(image: bytes) -> list[bytes]:
    """The logo itself, and the pictures that stand in it where it is a drawing."""
    found = [image]
    for text in _EMBEDDED.findall(image):
        try:
            found.append(base64.b64decode(text))
        except binascii.Error:
            continue
    return found


def _pixels(image: bytes) -> int:
    """How many pixels a PNG or a JPEG says that it has; 0 for anything else."""
    if image.startswith(_PNG):
        return int.from_bytes(image[16:20]) * int.from_bytes(image[20:24])
    if not image.startswith(b"\xff\xd8"):
        return 0
    at = 2
    while at + 9 <= len(image) and image[at] == 0xFF:
        if image[at + 1] in _FRAMES:
            return int.from_bytes(image[at + 5 : at + 7]) * int.from_bytes(image[at + 7 : at + 9])
        at += 2 + int.from_bytes(image[at + 2 : at + 4])
    return 0
