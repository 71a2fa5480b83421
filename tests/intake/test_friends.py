"""Friends in a column of clients become ties, and what becomes none is said."""

import json

import pytest

from finrec_core.intake import Source, read_files

STARS = Source("review.json", b'{"user_id": "ann", "business_id": "b", "stars": 5}\n')


def ties(**friends: str):
    users = "".join(json.dumps({"user_id": user, "friends": ids}) + "\n" for user, ids in friends.items())
    intake = read_files([STARS, Source("user.json", users.encode())])
    pairs = [(tie["client_id"], tie["other_client_id"]) for tie in intake.dataset.ties.to_pylist()]
    return pairs, intake


def test_each_friend_is_a_tie_and_a_mark_of_none_is_not():
    pairs, intake = ties(ann="bob, cem", bob="None", cem="")
    assert pairs == [("ann", "bob"), ("ann", "cem")]
    assert not [notice for notice in intake.notices if "friend" in notice]


@pytest.mark.parametrize(
    ("friends", "said"),
    [
        ({"ann": "ann, bob", "bob": ""}, "1 client names itself as a friend"),
        ({"ann": "bob, ann", "bob": "bob"}, "2 clients name themselves as friends"),
    ],
)
def test_who_names_itself_is_told(friends, said):
    pairs, intake = ties(**friends)
    assert pairs == [("ann", "bob")]
    assert f"user.json: {said}, which makes no connection." in intake.notices
