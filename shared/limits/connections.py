"""What a gRPC server takes from a connection, and for how long it keeps one."""

from __future__ import annotations

from shared.grpc_terms import MAX_MESSAGE_BYTES
from shared.settings import ServiceSettings

METADATA_BYTES = 16 * 1024
IDENTITY_ONLY = 1
"""A message is taken as it is, never compressed: nobody knows the size of a compressed one before it is unpacked."""
SECOND, MINUTE = 1000, 60_000

Options = list[tuple[str, int]]


def server_options(settings: ServiceSettings) -> Options:
    """The limits of one server, as gRPC's channel arguments.

    A connection ends after its age, when calls under way have as long again: so a certificate that has been withdrawn
    or has run out is met again by a handshake.
    """
    age = settings.connection_minutes * MINUTE
    return [
        ("grpc.max_receive_message_length", settings.message_mib * 1024 * 1024),
        ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_metadata_size", METADATA_BYTES),
        ("grpc.absolute_max_metadata_size", METADATA_BYTES),
        ("grpc.compression_enabled_algorithms_bitset", IDENTITY_ONLY),
        ("grpc.max_concurrent_streams", settings.connection_calls),
        ("grpc.max_connection_age_ms", age),
        ("grpc.max_connection_age_grace_ms", age),
        ("grpc.keepalive_time_ms", MINUTE),
        ("grpc.keepalive_timeout_ms", 20 * SECOND),
        ("grpc.server_handshake_timeout_ms", 10 * SECOND),
    ]
