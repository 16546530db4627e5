"""Stdin and stdout of a script, over real pipes."""

import os
from collections.abc import Callable, Generator

import pytest
import pytest_twisted
from twisted.internet import reactor
from twisted.internet.defer import Deferred

from twisted_chat.client.pipes import Input, Output, Unread


@pytest.fixture
def pipe() -> Generator[tuple[int, int], None, None]:
    reading, writing = os.pipe()
    yield reading, writing
    for fd in (reading, writing):
        close(fd)


def close(fd: int) -> None:
    try:
        os.close(fd)
    except OSError:
        return  # the test has done it


def never() -> None:
    raise AssertionError("it is read")


@pytest_twisted.ensureDeferred
async def test_what_comes_is_read_in_parts_and_an_empty_one_is_the_end(
    pipe: tuple[int, int],
) -> None:
    stdin = Input(reactor, pipe[0])
    os.write(pipe[1], b"one")
    assert await stdin.read() == b"one"
    os.write(pipe[1], b"two")
    os.close(pipe[1])
    assert await stdin.read() == b"two"
    assert await stdin.read() == b""


@pytest_twisted.ensureDeferred
async def test_what_waits_for_input_can_be_told_to_stop(pipe: tuple[int, int]) -> None:
    waiting = Deferred.fromCoroutine(Input(reactor, pipe[0]).read())
    stopped: list[object] = []
    waiting.addErrback(stopped.append)
    waiting.cancel()
    assert stopped


@pytest_twisted.ensureDeferred
async def test_a_pipe_that_is_full_is_waited_for_and_gets_all(pipe: tuple[int, int]) -> None:
    data = bytes(range(256)) * 1000
    output = Output(reactor, never, pipe[1])
    writing = Deferred.fromCoroutine(output.write(data))
    read = b""
    stdin = Input(reactor, pipe[0])
    while len(read) < len(data):
        read += await stdin.read()
    await writing
    assert read == data
    assert os.get_blocking(pipe[1]), "it is others' too"


@pytest_twisted.ensureDeferred
async def test_a_reader_that_is_gone_is_told_at_once_though_nothing_is_written(
    pipe: tuple[int, int],
) -> None:
    gone: Deferred[None] = Deferred()
    Output(reactor, lambda: gone.callback(None), pipe[1]).watch()
    os.close(pipe[0])
    await gone


@pytest.mark.parametrize("way", [lambda out: out.write(b"x"), lambda out: put(out)])
@pytest_twisted.ensureDeferred
async def test_to_write_for_a_reader_that_is_gone_raises(
    pipe: tuple[int, int], way: Callable[[Output], "Deferred[None]"]
) -> None:
    os.close(pipe[0])
    with pytest.raises(Unread):
        await way(Output(reactor, never, pipe[1]))


async def put(output: Output) -> None:
    output.put(b"x")


def test_of_a_file_there_is_nothing_to_watch(tmp_path: object) -> None:
    fd = os.open(os.devnull, os.O_WRONLY)
    output = Output(reactor, never, fd)
    output.watch()
    output.put(b"x")
    output.close()
    os.close(fd)
