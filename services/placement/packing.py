"""Fields of messages as protobuf writes them, so that bytes made before can be put together (its encoding guide)."""

from __future__ import annotations

LENGTH_DELIMITED = 2


def packed_field(number: int, content: bytes) -> bytes:
    """A field that holds a message, a string or bytes: its number and kind, its length, and itself."""
    return _varint(number << 3 | LENGTH_DELIMITED) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the highest bit says that more follow."""
    packed = bytearray()
    while number > 0x7F:
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    packed.append(number)
    return bytes(packed)
