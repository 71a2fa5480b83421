"""Who signed in, from claims that may be missing, doubled, of other types, expired, foreign or altered."""

import random
from typing import Any

import pytest

from finrec_core.access import AccessError, Person, Provider, here
from finrec_core.settings import settings
from finrec_core.terms import user

NOW = 1_790_000_000.0
PROVIDER = Provider("https://id.bank.example", "desk")
CLAIMS: dict[str, Any] = {
    "iss": "https://id.bank.example",
    "aud": "desk",
    "sub": "24",
    "name": "Ana Lind",
    "iat": NOW - 10,
    "exp": NOW + 600,
    "roles": ["adviser"],
    "branch": "Harbour",
}


def made(**claims: object) -> Person:
    return Person.from_claims(CLAIMS | claims, PROVIDER, NOW)


def test_a_whole_token_gives_a_person() -> None:
    ana = made()
    assert ana == Person(
        "24",
        "Ana Lind",
        "https://id.bank.example",
        frozenset({"adviser"}),
        frozenset({"Harbour"}),
        frozenset({"Ana Lind"}),
    )
    assert ana.user == "Ana Lind (sub 24, iss https://id.bank.example)"
    assert user.name_of(ana.user) == "Ana Lind"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://id.other.example"}, "another provider"),
        ({"iss": ["https://id.bank.example"]}, "another provider"),
        ({"iss": None}, "another provider"),
        ({"aud": "tellers"}, "another program"),
        ({"aud": {"desk": 1}}, "another program"),
        ({"aud": ["desk", "tellers"]}, "another program"),
        ({"aud": ["desk", "tellers"], "azp": "tellers"}, "another program"),
        ({"azp": "tellers"}, "another program"),
        ({"exp": NOW - 1}, "has run out"),
        ({"exp": NOW}, "has run out"),
        ({"exp": "2099-01-01"}, "does not say from when to when"),
        ({"exp": float("inf")}, "does not say from when to when"),
        ({"exp": True}, "does not say from when to when"),
        ({"exp": 10**400}, "does not say from when to when"),
        ({"iat": None}, "does not say from when to when"),
        ({"iat": NOW + 3600, "exp": NOW + 7200}, "lies in the future"),
        ({"nbf": NOW + 3600}, "lies in the future"),
        ({"nbf": "soon"}, "does not say from when to when"),
        ({"sub": ""}, "does not say whose"),
        ({"sub": 24}, "does not say whose"),
        ({"sub": "2\x004"}, "does not say whose"),
        ({"sub": "4" * 256}, "does not say whose"),
    ],
)
def test_a_token_that_is_not_of_here_and_now_is_refused(claims: dict[str, Any], reason: str) -> None:
    with pytest.raises(AccessError, match=reason):
        made(**claims)


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "iat", "exp"])
def test_a_token_without_what_it_must_say_is_refused(missing: str) -> None:
    with pytest.raises(AccessError):
        Person.from_claims({key: value for key, value in CLAIMS.items() if key != missing}, PROVIDER, NOW)


@pytest.mark.parametrize(
    ("roles", "found"),
    [
        (["adviser", "adviser"], {"adviser"}),
        ("analyst", {"analyst"}),
        (["analyst", "publish"], {"analyst", "publish"}),
        (["auditor", "analyst", "publish", "erase"], {"auditor"}),
        (["Adviser", "ADVISER", "root", "*", "adviser analyst", "adviser,analyst"], set()),
        ([["adviser"], {"adviser": 1}, 1, None, True], set()),
        ({"adviser": True}, set()),
        (1, set()),
        (None, set()),
        ("", set()),
        (b"adviser", set()),
        (["adv\u200biser", "adviser\x00"], set()),
        ([" adviser "], {"adviser"}),
    ],
)
def test_what_is_no_known_role_grants_nothing(roles: object, found: set[str]) -> None:
    assert made(roles=roles).roles == found


@pytest.mark.parametrize(
    ("branch", "found"),
    [
        ("Harbour", {"Harbour"}),
        (["Harbour", "Harbour", "Hill"], {"Harbour", "Hill"}),
        ("Harbour, Hill", {"Harbour, Hill"}),
        ("Zu\u0308rich", {"Z\u00fcrich"}),
        ("'; DROP TABLE clients; --", {"'; DROP TABLE clients; --"}),
        ("Har\u202ebour", set()),
        ("Harbour\n", {"Harbour"}),
        ("Har\nbour", set()),
        ("x" * 201, set()),
        ("", set()),
        (None, set()),
        ({"name": "Harbour"}, set()),
        (7, set()),
        ([7, None, ["Harbour"]], set()),
    ],
)
def test_a_branch_is_taken_as_it_is_or_not_at_all(branch: object, found: set[str]) -> None:
    assert made(branch=branch).branches == found


def test_without_the_claim_an_adviser_has_no_branch_and_without_the_setting_no_bounds() -> None:
    claims = {key: value for key, value in CLAIMS.items() if key != "branch"}
    assert Person.from_claims(claims, PROVIDER, NOW).branches == frozenset()
    assert Person.from_claims(CLAIMS, Provider(PROVIDER.issuer, "desk", branches=""), NOW).branches is None


def test_a_claim_may_lie_in_another_and_roles_may_bear_the_banks_names() -> None:
    provider = Provider(
        PROVIDER.issuer, "desk", "realm_access.roles", "https://bank.example/branch", {"G-7": "analyst"}
    )
    claims = {"realm_access": {"roles": ["G-7", "adviser", "analyst"]}, "https://bank.example/branch": "Hill"}
    ana = Person.from_claims(CLAIMS | claims, provider, NOW)
    assert ana.roles == {"analyst", "adviser"}
    assert ana.branches == {"Hill"}
    only = Person.from_claims(CLAIMS | {"realm_access": {"roles": ["analyst"]}}, provider, NOW)
    assert only.roles == set()  # the bank calls an analyst otherwise


def test_a_sign_in_counts_as_long_as_the_setting_says() -> None:
    hours = Provider(PROVIDER.issuer, "desk", hours=2)
    claims = CLAIMS | {"iat": NOW - 7000, "exp": NOW - 3600}
    assert Person.from_claims(claims, hours, NOW).subject == "24"
    with pytest.raises(AccessError, match="run out"):
        Person.from_claims(claims, hours, NOW + 300)


def test_a_thousand_wrong_log_ins_grant_nothing() -> None:
    dice = random.Random(6)
    odd: list[Any] = [None, "", [], {}, 0, -1, 1e308, True, "\x00", ["adviser"] * 3, {"a": "b"}, "x" * 9999]
    granted = []
    for _ in range(1000):
        name = dice.choice(["iss", "aud", "sub", "iat", "exp"])
        claims = CLAIMS | {key: dice.choice(odd) for key in dice.sample([*CLAIMS], dice.randrange(1, 6))}
        claims |= {name: dice.choice([one for one in odd if one not in (0, -1, 1e308, True)])}
        try:
            granted.append(Person.from_claims(claims, PROVIDER, NOW))
        except AccessError:
            continue
    assert [one for one in granted if one.subject != "x" * 9999] == []


def test_a_local_desk_has_one_person_who_was_named_and_never_the_systems_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("FINREC_DATA", str(tmp_path))
    monkeypatch.setenv("FINREC_USER", "")
    monkeypatch.setenv("USER", "root")
    monkeypatch.setenv("LOGNAME", "root")
    settings.cache_clear()
    try:
        assert here() is None
        user.give("Marta Åberg")
        found = here()
        assert found is not None
        assert (found.name, found.user, found.issuer) == ("Marta Åberg", "Marta Åberg", "local")
        assert found.branches is None
        assert "auditor" not in found.roles
        assert (tmp_path / "person.json").stat().st_mode & 0o777 == 0o600
        (tmp_path / "person.json").write_text("[1", "utf-8")
        assert here() is None
        monkeypatch.setenv("FINREC_USER", "Ben")
        settings.cache_clear()
        assert getattr(here(), "name", "") == "Ben"
    finally:
        monkeypatch.undo()
        settings.cache_clear()


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b", "a\u202eb"])
def test_what_is_no_name_is_not_kept(name: str) -> None:
    with pytest.raises(ValueError, match="Give a name"):
        user.give(name)
