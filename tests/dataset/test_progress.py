from finrec_core.dataset.progress import part, silent


def test_a_part_lies_within_the_whole():
    seen = []
    inner = part(lambda stage, share: seen.append((stage, share)), 0.2, 0.6)
    for share in (0.0, 0.5, 1.0, 7.0, -1.0):
        inner("fit", share)
    assert [round(share, 9) for _, share in seen] == [0.2, 0.4, 0.6, 0.6, 0.2]
    assert {stage for stage, _ in seen} == {"fit"}
    silent("fit", 0.5)
