"""A signature drawn on the counter's screen: a small picture with ink on it. Pure."""

import base64
import binascii
import io

from PIL import Image

from gerai.core.errors import DomainError

LIMIT, SIDE, INK = 300_000, 2000, 300  # bytes, pixels, dark pixels


class SignatureMissing(DomainError):
    """An empty or broken picture is no signature."""

    code = "signature_missing"
    text = "Tanda tangan belum ada atau terlalu kecil. Minta pemohon menandatangani di kotak."


def check(picture: str) -> bytes:
    """
    The PNG of a drawn signature, from the data address that a canvas gives.

    :raises SignatureMissing: if it is none, or nobody has drawn on it
    """
    head, _sep, body = picture.partition(",")
    try:
        data = base64.b64decode(body, validate=True)
        if head != "data:image/png;base64" or len(data) > LIMIT:
            raise SignatureMissing
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            if max(image.size) > SIDE:
                raise SignatureMissing
            dark = sum(image.convert("L").histogram()[:128])
    except (binascii.Error, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise SignatureMissing from error
    if dark < INK:
        raise SignatureMissing
    return data
