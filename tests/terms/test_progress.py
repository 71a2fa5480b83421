from finrec_core.terms.progress import part, shares, silent


def test_a_part_lies_within_the_whole():
    seen = []
    inner = part(lambda stage, share: seen.append((stage, share)), 0.2, 0.6)
    for share in (0.0, 0.5, 1.0, 7.0, -1.0):
        inner("fit", share)
    assert [round(share, 9) for _, share in seen] == [0.2, 0.4, 0.6, 0.6, 0.2]
    assert {stage for stage, _ in seen} == {"fit"}
    silent("fit", 0.5)


def test_pieces_of_work_share_a_progress_by_their_sizes():
    seen = []
    first, empty, last = shares(lambda _, share: seen.append(round(share, 9)), [30, 0, 70])
    for progress in (first, empty, last):
        progress("read", 0.0)
        progress("read", 1.0)
    assert seen == [0.0, 0.27, 0.27, 0.27, 0.27, 0.9]
    assert shares(silent, []) == []
