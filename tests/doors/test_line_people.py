"""People and rooms at the line door, in both dialects."""

from tests.doors.devices_contract import DevicesContract
from tests.doors.ignoring_contract import IgnoringContract
from tests.doors.redacting_contract import RedactingContract
from tests.doors.rooms_contract import RoomsContract
from tests.doors.test_line import JsonSpeech, TextSpeech


class TestRoomsInText(RoomsContract):
    speech = TextSpeech()


class TestRoomsInJson(RoomsContract):
    speech = JsonSpeech()


class TestDevicesInText(DevicesContract):
    speech = TextSpeech()


class TestDevicesInJson(DevicesContract):
    speech = JsonSpeech()


class TestIgnoringInText(IgnoringContract):
    speech = TextSpeech()


class TestIgnoringInJson(IgnoringContract):
    speech = JsonSpeech()


class TestRedactingInText(RedactingContract):
    speech = TextSpeech()


class TestRedactingInJson(RedactingContract):
    speech = JsonSpeech()
