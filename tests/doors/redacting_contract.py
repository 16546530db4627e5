"""What one has said is taken away again."""

from tests.doors.house import House
from tests.doors.houses import Houses, forget


class RedactingContract(Houses):
    """Subclass it and say how one speaks at the door."""

    def test_it_is_empty_for_whoever_reads_it_later(self, kept_house: House) -> None:
        ann, bob = kept_house.enter("ann", "bob")
        ann.says("my password is x", "/redact last")
        assert bob.reads()[-1] == "-- ann took back a line"
        bob.says("/history")
        assert not [line for line in bob.reads() if "password" in line]
        cy = kept_house.arrives()
        cy.enters("cy")
        assert not [line for line in cy.reads() if "password" in line]

    def test_who_lags_reads_it_without_its_text(self, kept_house: House) -> None:
        ann, bob = kept_house.enter("ann", "bob")
        bob.reads_no_more()
        ann.says("before")
        ann.says("my password is x")
        ann.says("/redact last")
        ann.says("after")
        bob.reads_on()
        kept_house.turn()
        told = bob.reads()
        assert not [line for line in told if "password" in line]
        assert (told[0], told[-1]) == ("ann: before", "ann: after")

    def test_who_reads_on_from_the_past_does_not_read_it_either(self, kept_house: House) -> None:
        [ann] = kept_house.enter("ann")
        ann.says("one", "my password is x")
        shelf = self.shelf(kept_house)
        shelf.slow = True
        bob = kept_house.arrives()
        bob.enters("bob")
        ann.says("/redact last")
        for _ in range(3):
            shelf.bring()
            kept_house.turn()
        assert not [line for line in bob.reads() if "password" in line]

    def test_nobody_takes_away_what_another_said(self, kept_house: House) -> None:
        ann, bob = kept_house.enter("ann", "bob")
        bob.says("hello")
        forget(ann)
        number = self.shelf(kept_house).entries[-1].id
        ann.says(f"/redact {number}")
        assert not [line for line in bob.reads() if "took" in line]
        assert ann.reads()[0].startswith("--")

    def test_where_nothing_is_kept_that_is_told(self, house: House) -> None:
        [ann] = house.enter("ann")
        ann.says("hello", "/redact last")
        assert ann.reads()[-1].startswith("-- What is said here is not kept")
