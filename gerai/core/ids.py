"""Identifiers: UUID version 7 (RFC 9562), sortable by time, made without asking the database; and read again."""

import os
import time
import uuid

from gerai.core.errors import NotFound


def uuid7() -> uuid.UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76
    value |= (random >> 62 & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random & (1 << 62) - 1
    return uuid.UUID(int=value)


def read(text: object) -> uuid.UUID | None:
    """The id that a text names, or None if it is none."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def named(text: object) -> uuid.UUID:
    """
    The id that a form or a path names.

    :raises NotFound: if it is none: nothing is there
    """
    found = read(text)
    if found is None:
        raise NotFound
    return found
