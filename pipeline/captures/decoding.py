"""Bodies as they came over the wire → the bytes that they stand for, never more than a limit."""

import zlib

_GZIP = 16 + zlib.MAX_WBITS
_RAW = -zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"

ACCEPTED = "gzip, deflate"  # what a request may ask for


class NotDecodable(Exception):
    """The body is not what its Content-Encoding says, or is coded in a way that was not asked for."""


class TooLarge(Exception):
    """The body has more bytes than the limit."""


def decode_body(wire: bytes, content_encoding: str | None, limit: int) -> bytes:
    """The content of a body (RFC 9110 8.4). Raises `NotDecodable` or, as soon as the limit is passed, `TooLarge`."""
    codings = [coding.strip().lower() for coding in (content_encoding or "").split(",")]
    body = wire
    for coding in reversed(codings):
        if coding in ("", "identity") or not body:
            continue
        if coding in ("gzip", "x-gzip"):
            body = _inflate(body, _GZIP, limit)
        elif coding == "deflate":
            # RFC 9110 8.4.1.2 means the zlib format; some servers send the bare stream.
            body = _inflate(body, zlib.MAX_WBITS if _is_zlib(body) else _RAW, limit)
        else:
            raise NotDecodable(f"its Content-Encoding is {coding[:40]}")
    if len(body) > limit:
        raise TooLarge(f"it has more than {limit} bytes")
    return body


def _is_zlib(body: bytes) -> bool:
    """RFC 1950 2.2: method 8, and the first two bytes as a number are a multiple of 31."""
    return body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0


def _inflate(data: bytes, wbits: int, limit: int) -> bytes:
    """All gzip members of the data (RFC 1952 2.2), or its one zlib stream; what follows them is not content."""
    pieces: list[bytes] = []
    size = 0
    while not pieces or (wbits == _GZIP and data.startswith(_GZIP_MAGIC)):
        stream = zlib.decompressobj(wbits)
        try:
            piece = stream.decompress(data, limit + 1 - size)
        except zlib.error as error:
            raise NotDecodable(f"it can't be decompressed ({error})") from error
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise TooLarge(f"it has more than {limit} bytes once decompressed")
        if not stream.eof:
            raise NotDecodable("it ends before its compressed stream does")
        data = stream.unused_data
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
