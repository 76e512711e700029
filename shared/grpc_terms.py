"""What both ends of a call agree on."""

from __future__ import annotations

MAX_MESSAGE_BYTES = 256 * 1024 * 1024
REQUEST_ID_KEY = "x-request-id"
MESSAGE_SIZES = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
]
