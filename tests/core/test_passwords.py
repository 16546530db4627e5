"""What may be a password, recovery codes, and the secret of a house."""

import os
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat.core.passwords import (
    FARTHEST,
    Secret,
    code_hash,
    codes,
    legal_password,
    prepared,
    used,
)
from twisted_chat.core.refusals import Refusal

WORDS = "correct horse battery staple"


def code_of(asked: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        asked()
    return refused.value.code


# passwords


@pytest.mark.parametrize("typed", [WORDS, "x" * 8, "ö" * 128, "пароль без", "  spaces  "])
def test_what_is_long_enough_is_a_password_as_it_is(typed: str) -> None:
    assert legal_password(typed, "ann") == typed


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "password-too-short"),
        ("x" * 7, "password-too-short"),
        ("x" * 129, "password-too-long"),
        ("x" * 1_000_000, "password-too-long"),
        ("tab\tand bell", "password-not-legal"),
        ("half a char \ud800", "password-not-legal"),
        ("joined \u200d nothing", "password-not-legal"),
        ("annabella", "password-is-name"),
        (" ANNAbella ", "password-is-name"),
    ],
    ids=lambda value: value[:20].encode("unicode_escape").decode(),
)
def test_what_is_no_password_is_refused_with_a_reason(typed: str, code: str) -> None:
    assert code_of(lambda: legal_password(typed, "AnnaBella")) == code


def test_a_name_in_another_script_is_no_password_of_its_owner_either() -> None:
    assert code_of(lambda: legal_password("АЛЕКСАНДР", "Александр")) == "password-is-name"


def test_a_refusal_never_shows_the_password() -> None:
    for typed in ("hunter2", "hunter2\t and more", "hunter2" * 99):
        with pytest.raises(Refusal) as refused:
            legal_password(typed, "ann")
        assert "hunter2" not in refused.value.sentence


def test_the_same_characters_from_two_keyboards_are_one_password() -> None:
    assert prepared("cafe\u0301\u00a0noir") == prepared("caf\u00e9 noir")


def test_length_is_counted_as_prepared_and_not_as_typed() -> None:
    assert len(legal_password("e\u0301" * 128, "ann")) == 128


@given(st.text(max_size=FARTHEST + 10))
def test_a_prepared_password_is_prepared_or_refused_and_nothing_else(typed: str) -> None:
    try:
        password = prepared(typed)
    except Refusal:
        return
    assert prepared(password) == password


# recovery codes


def test_a_code_is_four_groups_of_four_without_look_alikes() -> None:
    for code in codes(os.urandom):
        assert re.fullmatch(r"([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}", code)


def test_codes_are_the_random_bits_that_were_given() -> None:
    assert codes(bytes, 1) == ("0000-0000-0000-0000",)
    assert codes(lambda count: b"\xff" * count, 1) == ("zzzz-zzzz-zzzz-zzzz",)
    ascending = codes(lambda count: bytes(range(count)), 1)
    assert ascending == ("000g-40r4-0m30-e209",)


def test_there_are_eight_codes_and_no_two_alike() -> None:
    assert len(set(codes(os.urandom))) == 8


@pytest.mark.parametrize(
    "typed",
    ["k7mq-04tz-1v2a-xh3c", "K7MQ04TZ1V2AXH3C", " k7mq o4tz lv2a xh3c\r\n", "k7mq-O4TZ-Iv2a-xh3c"],
)
def test_case_dashes_spaces_and_look_alikes_do_not_matter(typed: str) -> None:
    assert code_hash(typed) == code_hash("k7mq04tz1v2axh3c")


def test_a_hash_is_hexadecimal_and_does_not_hold_the_code() -> None:
    assert re.fullmatch("[0-9a-f]{64}", code_hash("k7mq-04tz-1v2a-xh3c"))


def test_a_code_that_is_used_is_gone_and_the_others_are_left() -> None:
    three = codes(os.urandom, 3)
    hashes = tuple(map(code_hash, three))
    left = used(three[1].upper(), hashes)
    assert left == (hashes[0], hashes[2])
    assert used(three[1], left) is None


@pytest.mark.parametrize("typed", ["", "-", "0000-0000-0000-0001", "\ud800", "x" * 4096])
def test_what_is_no_code_uses_nothing_up(typed: str) -> None:
    assert used(typed, (code_hash("0000-0000-0000-0000"),)) is None


def test_the_last_code_leaves_none() -> None:
    assert used("0000-0000-0000-0000", (code_hash("0000-0000-0000-0000"),)) == ()


# the secret of a house


def test_a_secret_fits_itself_however_it_is_typed() -> None:
    secret = Secret("caf\u00e9")
    assert secret.fits("cafe\u0301")
    assert not secret.fits("cafe")


@pytest.mark.parametrize("given_", ["", "\t", "\ud800", "x" * 100_000])
def test_what_can_be_no_password_does_not_fit(given_: str) -> None:
    assert not Secret("swordfish").fits(given_)


def test_two_secrets_are_the_same_where_the_same_fits_them() -> None:
    assert Secret("caf\u00e9") == Secret("cafe\u0301")
    assert len({Secret("swordfish"), Secret("swordfish"), Secret("sardines")}) == 2
    assert Secret("swordfish") != "swordfish"


def test_a_secret_is_nowhere_to_be_seen() -> None:
    secret = Secret("swordfish")
    seen = [repr(secret), str(secret), repr({"house-secret": secret}), repr(secret._digest)]
    assert [text for text in seen if "swordfish" in text] == []
    assert not hasattr(secret, "__dict__")


def test_what_can_be_no_password_can_be_no_secret() -> None:
    assert code_of(lambda: Secret("a\tb")) == "password-not-legal"
