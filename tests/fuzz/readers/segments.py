"""How a stream is cut by the network: its first byte says that, as a fuzzer can choose it."""


def cut(data: bytes) -> tuple[bytes, list[bytes]]:
    """The stream, and the same in pieces."""
    size, stream = data[0] % 8 + 1 if data else 1, data[1:]
    return stream, [stream[at : at + size] for at in range(0, len(stream), size)]
