"""Which names are legal, and when two are the same."""

from contextlib import suppress

import precis_i18n
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat.core import names
from twisted_chat.core.refusals import Refusal

ASCII_NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,31}", fullmatch=True)
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyzABCDE0123456789_.-",
    "éüñßøåçœÆĐ",
    "αβγδεζΣσςΩ",
    "жщюЖЯё123",
    "אבגדה12",
    "بجدهوز٠١٢٣",
    "日本語のカナ",
    "한글이름",
)
WISHES = st.one_of(*(st.text(alphabet, min_size=1, max_size=40) for alphabet in ALPHABETS))
"""Names that somebody could ask for, legal or nearly."""


def refused(asked: str) -> str:
    """The code with which this name is refused."""
    with pytest.raises(Refusal) as caught:
        names.legal(asked)
    return caught.value.code


@given(ASCII_NAMES)
def test_the_short_way_for_ascii_folds_as_precis_does(name: str) -> None:
    assert names.fold(name) == precis_i18n.get_profile("UsernameCaseMapped").enforce(name)


@given(WISHES)
def test_a_name_is_legal_or_refused_and_nothing_else_happens(asked: str) -> None:
    with suppress(Refusal):
        assert 1 <= len(names.legal(asked)) <= names.LONGEST


@given(st.text(max_size=40))
def test_whatever_is_asked_for_a_legal_name_has_no_control_no_space_no_punctuation(
    asked: str,
) -> None:
    try:
        name = names.legal(asked)
    except Refusal:
        return
    assert all(char.isprintable() and not char.isspace() for char in name)
    assert not set(name) & set(":*[]#@/,()<>'\"")


@given(st.text(max_size=60))
def test_anything_can_be_folded_and_folding_twice_is_folding_once(text: str) -> None:
    once = names.fold(text)
    assert names.fold(once) == once


@given(WISHES)
def test_a_legal_name_is_legal_as_it_is(asked: str) -> None:
    try:
        name = names.legal(asked)
    except Refusal:
        return
    assert names.legal(name) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ann", "ANN"),
        ("Ann.B", "aNN.b"),
        ("Zoé", "ZOÉ"),
        ("Zoe\u0301", "Zoé"),
        ("Жук", "жук"),
        ("Ａｎｎ", "ann"),  # the wide letters of East Asian keyboards
    ],
)
def test_names_that_only_differ_in_case_or_encoding_are_the_same(one: str, other: str) -> None:
    assert names.fold(names.legal(one)) == names.fold(names.legal(other))


@pytest.mark.parametrize(("one", "other"), [("ann", "anna"), ("ann", "аnn"), ("zoe", "zoé")])
def test_names_that_differ_in_a_letter_are_not_the_same(one: str, other: str) -> None:
    assert names.fold(one) != names.fold(other)


@pytest.mark.parametrize(
    "name", ["ann", "Ann_2", "a", "2fast", "x-y.z", "Zoé", "Жук", "علي", "이름"]
)
def test_letters_digits_dots_dashes_and_underscores_are_legal(name: str) -> None:
    assert names.legal(name) == name


@pytest.mark.parametrize("name", ["日本のカナ", "東京Tower", "漢字한글", "注音ㄅㄆ"])
def test_scripts_that_one_language_writes_side_by_side_are_legal(name: str) -> None:
    assert names.legal(name) == name


@pytest.mark.parametrize("name", ["аnn", "pаypal", "ann日本жук", "Ωmega", "한글カナ"])
def test_the_letters_of_two_scripts_are_refused(name: str) -> None:
    assert refused(name) == "name-not-legal"


@pytest.mark.parametrize(
    "name",
    [
        "_ann",
        "-",
        ".",
        "an n",
        "ann:",
        "*ann",
        "#ann",
        "@ann",
        "a/b",
        "[ann]",
        "a\x1b[31m",
        "a\u202eb",
    ],
)
def test_what_could_pass_for_the_chats_own_punctuation_is_refused(name: str) -> None:
    assert refused(name) == "name-not-legal"


@pytest.mark.parametrize(
    "name", ["a\u200bb", "a\u00adb", "a\u034fb", "a\ufe0fb", "a\u3164b", "\ud800"]
)
def test_what_nobody_can_see_is_refused(name: str) -> None:
    assert refused(name) == "name-not-legal"


@pytest.mark.parametrize(
    "name", ["Server", "SERVER", "Ｓｅｒｖｅｒ", "root", "exit", "Quit", "help"]
)
def test_names_of_the_chat_itself_are_refused_however_they_are_written(name: str) -> None:
    assert refused(name) == "name-reserved"


@pytest.mark.parametrize(
    "name",
    ["Serv3r", "S-e-r.v_e-r", "server_", "5erver", "adm1n", "r00t", "R0OT", "0perator", "Sérver"],
)
def test_names_that_are_meant_to_be_read_as_those_are_refused_too(name: str) -> None:
    assert refused(name) == "name-reserved"


@pytest.mark.parametrize(
    "name", ["servers", "server2", "chatty", "rooty", "h3lp", "ex1t", "Admina"]
)
def test_other_names_are_not(name: str) -> None:
    assert names.legal(name) == name


@pytest.mark.parametrize(
    "name", ["a\u0591b", "ann\u0301\u05b0", "ann\u0903", "ann४", "ann٣", "abc\u0488"]
)
def test_marks_and_digits_of_another_script_are_refused(name: str) -> None:
    assert refused(name) == "name-not-legal"


@pytest.mark.parametrize(
    "name", ["佐々木", "ルーシー", "らーめん", "שָׁלוֹם", "अन्न४", "Ệlan", "x\u0323\u0302"]
)
def test_marks_and_signs_of_the_same_script_are_legal(name: str) -> None:
    assert names.legal(name)


def test_so_many_marks_on_a_letter_are_no_name() -> None:
    assert names.legal("x" + "\u0323" * names.MARKS)
    assert refused("x" + "\u0323" * (names.MARKS + 1)) == "name-not-legal"


def test_a_name_takes_no_more_columns_than_characters_are_allowed() -> None:
    assert names.legal("本" * (names.LONGEST // 2)) == "本" * (names.LONGEST // 2)
    assert refused("本" * (names.LONGEST // 2 + 1)) == "name-too-long"


@pytest.mark.parametrize("asked", ["dmin", "#dmin", "#server", "#7"])
def test_a_room_may_be_called_what_nobody_may(asked: str) -> None:
    assert names.legal_room(asked) == f"#{asked.removeprefix('#')}"


@pytest.mark.parametrize("asked", ["", "   ", "\u3000"])
def test_no_name_at_all_is_refused(asked: str) -> None:
    assert refused(asked) == "name-empty"


def test_the_longest_name_is_legal_and_one_letter_more_is_refused() -> None:
    assert names.legal("x" * names.LONGEST) == "x" * names.LONGEST
    assert refused("x" * (names.LONGEST + 1)) == "name-too-long"
    assert refused("ж" * (names.LONGEST + 1)) == "name-too-long"


@pytest.mark.parametrize("name", ["-h", "--help", "..", "../x", "a/b", ".bashrc", "_"])
def test_what_looks_like_an_option_or_a_path_is_refused(name: str) -> None:
    assert refused(name) == "name-not-legal"


@pytest.mark.parametrize("name", ["7", "2024", "٣٤", "192.0.2.7", "1-2_3", "0..0"])
def test_digits_alone_are_refused_also_with_dots_between(name: str) -> None:
    assert refused(name) == "name-not-legal"


def test_spaces_around_a_name_are_not_part_of_it() -> None:
    assert names.legal("  ann\t") == "ann"


def test_the_free_name_has_the_smallest_number_that_nobody_has() -> None:
    assert names.free_name("Ann", {"ann"}) == "Ann2"
    assert names.free_name("Ann", {"ann", "ann2", "ann3"}) == "Ann4"


def test_there_is_a_free_name_for_the_longest_one_too() -> None:
    longest = "x" * names.LONGEST
    suggested = names.free_name(longest, {longest})
    assert names.legal(suggested) == suggested


@given(WISHES, st.integers(0, 30))
def test_a_suggested_name_is_free_and_legal(asked: str, more: int) -> None:
    try:
        name = names.legal(asked)
    except Refusal:
        return
    taken = {names.fold(name), *(names.fold(f"{name}{number}") for number in range(2, 2 + more))}
    suggested = names.free_name(name, taken)
    assert names.fold(suggested) not in taken
    assert names.legal(suggested) == suggested


def test_a_free_name_among_thousands_is_found_without_folding_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PRECIS takes some 50 µs for a name: for thousands of them everyone would wait."""
    folded: list[str] = []
    fold = names.fold
    taken = {fold("Émile2")[:-1] + str(number) for number in range(2, 5002)}

    def counted(name: str) -> str:
        folded.append(name)
        return fold(name)

    monkeypatch.setattr(names, "fold", counted)
    assert names.free_name("Émile", taken) == "Émile5002"
    assert len(folded) < 5


def test_a_line_that_is_no_name_costs_no_look_at_its_characters() -> None:
    """PRECIS takes a millisecond for a thousand characters."""
    with pytest.raises(Refusal) as refused:
        names.legal("é" * 100_000)
    assert refused.value.code == "name-too-long"
    assert names.fold("É" * 100_000) == "é" * 100_000
