"""Sealing: blocks of history under one Merkle root (as in RFC 6962), chained and signed with Ed25519.

Outside the hot path: a job seals what has its place already. `verify` walks a mall's whole history and names
the first entry that does not fit.
"""

import hashlib
import json
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction

from gerai.core import private
from gerai.ledger.models import Entry, Seal, Sequencer

BLOCK = 1000


def digest(entry: Entry, place: int) -> bytes:
    """The fingerprint of one entry at its place: every column that matters, in a fixed order."""
    whole = [
        place, entry.pk, entry.mall, entry.kind, entry.subject, entry.actor_kind, entry.actor_id,
        entry.at.isoformat(), entry.data, entry.cause,
    ]  # fmt: skip
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def merkle_root(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash of the leaves (RFC 6962, section 2.1)."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = merkle_root(leaves[:half]), merkle_root(leaves[half:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def _private_key() -> Ed25519PrivateKey:
    path = Path(settings.DATA) / "keys" / "seal.key"
    made = private.made_once(path, lambda: Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(made)


def public_key() -> Ed25519PublicKey:
    """The key that checks this installation's seals."""
    return _private_key().public_key()


def _entries(mall: str, first: int, last: int) -> list[Entry]:
    found = Entry.objects.filter(position__mall=mall, position__position__range=(first, last))
    return list(found.select_related("position").order_by("position__position"))


@transaction.atomic
def seal(*, mall: str, now: datetime) -> Seal | None:
    """Seal the next block of a mall's history, if there is one."""
    Sequencer.objects.select_for_update().filter(pk=1).first()  # one sealer at a time
    before = Seal.objects.filter(mall=mall).order_by("-last").first()
    first = before.last + 1 if before else 1
    entries = _entries(mall, first, first + BLOCK - 1)
    if not entries:
        return None
    root = merkle_root([digest(e, e.position.position) for e in entries])
    chained = hashlib.sha256((bytes(before.chained) if before else b"") + root).digest()
    return Seal.objects.create(
        mall=mall,
        first=first,
        last=entries[-1].position.position,
        root=root,
        chained=chained,
        signature=_private_key().sign(chained),
        at=now,
    )


def verify(mall: str) -> tuple[int, str | None]:
    """
    Check all seals of a mall against its entries.

    Returns how many entries are sealed and whole, and None; or up to where all is well, and what does not fit.
    """
    good, chained = 0, b""
    for block in Seal.objects.filter(mall=mall).order_by("first"):
        entries = _entries(mall, block.first, block.last)
        places = [e.position.position for e in entries]
        wanted = list(range(good + 1, block.last + 1))
        if places != wanted:
            lost = next((a for a, b in zip(wanted, [*places, None], strict=False) if a != b), block.first)
            return good, f"position {lost} is missing"
        root = merkle_root([digest(e, e.position.position) for e in entries])
        chained = hashlib.sha256(chained + root).digest()
        if root != bytes(block.root):
            return good, f"an entry between positions {block.first} and {block.last} was changed"
        if chained != bytes(block.chained):
            return good, f"the chain breaks at position {block.first}"
        try:
            public_key().verify(bytes(block.signature), chained)
        except InvalidSignature:
            return good, f"the signature of the block from position {block.first} is not ours"
        good = block.last
    return good, None
