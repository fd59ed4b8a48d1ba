"""What came as text from an address or a form, read strictly."""


def whole(text: str | None, digits: int = 18) -> int | None:
    """
    The whole number (not negative) that these characters are, or None: nothing else, no other script, not too long.

    `digits`: 18 for the number of a row; 9 where the database keeps four bytes.
    """
    if not text or len(text) > digits or not (text.isascii() and text.isdigit()):
        return None
    return int(text)
