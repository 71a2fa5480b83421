"""Tiny language models, random but seeded, saved as a bank's own model folder would be."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertModel,
    GPT2Config,
    GPT2Model,
    LlamaConfig,
    LlamaModel,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

CORPUS = [
    "the card is a great gift for the children and easy to use",
    "a steady fund with low cost, bought for the long run",
    "the loan was expensive and the branch did not answer",
    "saving for a house: safe, simple and well explained",
]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def word_pieces() -> PreTrainedTokenizerFast:
    """Make a BERT tokenizer that knows most words of the corpus whole and spells out any other in letters."""
    letters = sorted(set("".join(CORPUS)) - {" "})
    whole = sorted(set(re.findall(r"\w+", " ".join(CORPUS))) - {"gift", "easy", "fund", *letters})
    entries = [*SPECIAL, *letters, *(f"##{letter}" for letter in letters), *whole]
    vocabulary = {entry: number for number, entry in enumerate(entries)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = {"unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]"}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, mask_token="[MASK]", **names)


def byte_pieces(begin: str | None = None) -> PreTrainedTokenizerFast:
    """Make a byte-level tokenizer as decoders have it, without a padding token."""
    merges = [("t", "h"), ("th", "e"), ("Ġ", "the"), ("i", "s"), ("a", "r"), ("Ġ", "c")]
    entries = ["<s>", *sorted(pre_tokenizers.ByteLevel.alphabet()), *("".join(pair) for pair in merges)]
    vocabulary = {entry: number for number, entry in enumerate(entries)}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    if begin:
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{begin} $A", special_tokens=[(begin, 0)]
        )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>")


def bert() -> PreTrainedModel:
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}
    return BertModel(BertConfig(vocab_size=200, max_position_embeddings=64, **sizes))


def gpt2() -> PreTrainedModel:
    return GPT2Model(GPT2Config(vocab_size=350, n_positions=96, n_embd=32, n_layer=2, n_head=4))


def llama() -> PreTrainedModel:
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}
    return LlamaModel(LlamaConfig(vocab_size=350, max_position_embeddings=96, num_key_value_heads=2, **sizes))


def t5() -> PreTrainedModel:
    sizes = {"d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 2, "num_heads": 4}
    return T5ForConditionalGeneration(T5Config(vocab_size=350, decoder_start_token_id=0, **sizes))


MODELS: dict[str, tuple[Callable[[], PreTrainedModel], Callable[[], PreTrainedTokenizerFast]]] = {
    "bert": (bert, word_pieces),
    "gpt2": (gpt2, byte_pieces),
    "llama": (llama, lambda: byte_pieces("<s>")),
    "t5": (t5, byte_pieces),
}


def save_model(kind: str, folder: Path, seed: int = 0) -> Path:
    """Save a tiny model of one kind and return its folder."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        make_model, make_tokenizer = MODELS[kind]
        model = make_model()
        for weight in model.parameters():  # the usual start leaves all states nearly equal
            if weight.ndim > 1:
                torch.nn.init.normal_(weight, std=0.3)
        model.save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return one saved tiny model of each kind."""
    return {kind: save_model(kind, tmp_path_factory.mktemp("models") / kind) for kind in MODELS}
