"""What drives a model, against the explanation of every first place of every list."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from finrec_core.advice import drivers as module
from finrec_core.advice.drivers import PLACES, drivers
from finrec_core.explain.kinds import LensKinds
from finrec_core.model import Switches, fit
from tests.planted import planted
from tests.served import served


@pytest.fixture(scope="module")
def found(recommender):
    return drivers(recommender)


def every_explanation(recommender):
    for client in recommender.dataset.clients["client_id"].to_pylist():
        scale = recommender.ranking(client).scale
        for line in recommender.recommend(client, PLACES):
            yield recommender.explain(client, line.product), scale


def test_points_and_shares_are_those_of_every_card(recommender, found):
    points, sizes, words, start, total, cells = Counter(), Counter(), Counter(), Counter(), Counter(), 0
    for one, scale in every_explanation(recommender):
        if one.branch == "popularity" or scale.flat:
            continue
        cells += 1
        for name in ("client", "product"):
            lens = one.lens(name)
            kinds = Counter()
            for part in lens.contributions:
                kinds[part.kind] += part.value * scale.factor
                words[name] += part.text_value * scale.factor
            for kind, value in kinds.items():
                points[name, kind] += value
                sizes[name, kind] += abs(value)
            start[name] += scale.points(lens.base)
            total[name] += scale.points(lens.score)
    assert found.cells == cells
    for name, lens in found.lenses.items():
        whole = sum(size for (of, _), size in sizes.items() if of == name)
        assert lens.start == pytest.approx(start[name] / cells, abs=1e-9)
        assert lens.total == pytest.approx(total[name] / cells, abs=1e-9)
        assert lens.words == pytest.approx(words[name] / cells, abs=1e-9)
        for one in lens.kinds:
            assert one.points == pytest.approx(points[name, one.kind] / cells, abs=1e-9), one
            assert one.share == pytest.approx(sizes[name, one.kind] / whole, abs=1e-9), one


def test_words_that_take_do_not_hide_words_that_add(found):
    shares = {one.kind: one.share for one in found.lenses["product"].kinds}
    assert found.lenses["product"].words_share == pytest.approx(shares["description"] + shares["review"])
    ones, factor, zero = np.ones(2), np.array([1.0, 2.0]), np.zeros(2)
    sums = module._Sums()
    words = {"description": np.array([96.0, 10.0]), "review": np.array([-81.0, -5.0])}
    lens = LensKinds(ones, {"client": np.array([10.0, 0.0]), **words}, words)
    sums.add(lens, lens.base + sum(lens.kinds.values()), factor, zero)
    means = sums.means()
    assert means.error < 1e-12
    assert means.words == pytest.approx((96 - 81 + 20 - 10) / 2)
    assert means.words_share == pytest.approx((96 + 81 + 20 + 10) / (96 + 81 + 20 + 10 + 10))
    assert means.words_share == pytest.approx(sum(one.share for one in means.kinds if one.kind != "client"))


def test_starting_point_and_kinds_are_the_mean_points(found):
    for lens in found.lenses.values():
        assert lens.start + sum(one.points for one in lens.kinds) == pytest.approx(lens.total, abs=1e-9)
        assert sum(one.share for one in lens.kinds) == pytest.approx(1.0)
        assert lens.error < 1e-9
    assert 0 < found.lenses["client"].total <= 100
    assert found.lenses["client"].total == pytest.approx(found.lenses["product"].total)


def test_a_client_of_whom_nothing_is_known_has_a_list_but_no_reasons(recommender, found):
    assert found.silent == int(recommender.model.silent.sum()) == 1
    assert found.asked == found.clients - 1
    assert not found.thinned
    assert found.exposure.shown.sum() == PLACES * found.clients


def test_fewer_clients_are_taken_apart_where_it_takes_too_long_and_it_is_said(recommender, found):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "WORK", 1.0)
        patch.setattr(module, "FEWEST", 20)
        some = drivers(recommender)
    assert some.asked == 20
    assert some.thinned
    assert some.exposure.coverage10 == found.exposure.coverage10  # lists are made for all
    whole = found.lenses["client"].kinds[0].share
    assert some.lenses["client"].kinds[0].share == pytest.approx(whole, abs=0.1)


def test_a_model_without_ties_has_a_tie_share_of_exactly_nothing():
    bank = planted(seed=11)
    recommender = served(bank)
    constants = replace(recommender.constants, switches=Switches(ties=False), sigmas=None)
    recommender._model = fit(recommender.dataset, bank.texts, constants, seed=4)
    for lens in drivers(recommender).lenses.values():
        assert [(one.points, one.share) for one in lens.kinds if one.kind == "tie"] == [(0.0, 0.0)]


def test_it_can_be_stopped_and_tells_how_far_it_is(recommender):
    class Stopped(Exception):
        pass

    def stop(stage: str, share: float) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        drivers(recommender, stop)
    told = []
    drivers(recommender, lambda stage, share: told.append(share))
    assert told[-1] == 1.0
    assert np.all(np.diff(told) >= 0)
