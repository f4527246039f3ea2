"""E-mail addresses in the one form c360 compares people by. It keeps the dots and `+tags` of an address."""

import re
import unicodedata
from urllib.parse import unquote

from email_validator import EmailSyntaxError, validate_email

from c360.privacy.normalised import Normalised
from c360.privacy.text import refusal, without_invisible

_JOINERS = "\u200c\u200d"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x3002: ".", 0xFF61: "."}
_MAILTO = re.compile(r"mailto:\s*([^?]*)(?:\?.*)?", re.IGNORECASE | re.DOTALL)
_AFTER_ADDRESS = ".,;"
_BETWEEN_ADDRESSES = re.compile(r"[\s,;/|<>]+")


def normalise_email(raw: str) -> Normalised:
    """Return an address in NFC, trimmed and lower-case, or why there is none.

    What stands around the address goes: `mailto:`, a display name, a dot, comma or semicolon at its end, zero-width and
    other characters that cannot be seen. Full-width letters become plain, a punycode domain readable, and quotes that a
    local part does not need go. Syntax is checked, whether the address can receive mail is not. Reserved names
    (`.invalid`, `.test`) are malformed.
    """
    text = _bare(raw)
    if refused := refusal(text):
        return refused
    try:
        checked = validate_email(
            text, check_deliverability=False, allow_quoted_local=True, allow_display_name=True, strict=False
        )
    except EmailSyntaxError:
        return Normalised(None, "several" if _holds_several(text) else "malformed")
    return Normalised(unicodedata.normalize("NFC", checked.normalized.lower()), None)


def _bare(raw: str) -> str:
    text = without_invisible(raw)
    if not text.isascii():
        # In Persian and Indic domains a joiner tells two domains apart; in plain letters it is left over from copying.
        text = without_invisible(raw, kept=_JOINERS).translate(_FULL_WIDTH)
    text = text.strip()
    if link := _MAILTO.fullmatch(text):
        text = unquote(link[1]).strip()
    return text.rstrip(_AFTER_ADDRESS).rstrip()


def _holds_several(text: str) -> bool:
    return sum("@" in part.strip("@") for part in _BETWEEN_ADDRESSES.split(text)) > 1
