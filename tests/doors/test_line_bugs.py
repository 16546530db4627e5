"""A bug that is met at the line door, in both dialects."""

from tests.doors.bugs_contract import BugsContract, error
from tests.doors.test_line import JsonSpeech, TextSpeech

__all__ = ["error"]


class TestBugsInText(BugsContract):
    speech = TextSpeech()


class TestBugsInJson(BugsContract):
    speech = JsonSpeech()
