"""Message passing: what multiplies along the graph's edges, and the rule that `auto` follows.

Both ways give the same sums (docs/model.md, Graph). The rule reads sizes and the device and never a
clock, so that the same data give the same model.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from finrec_core.settings import settings

Asked = Literal["auto", "csr", "dgl"]
Backend = Literal["csr", "dgl"]
MOST_CSR = 2**31 - 1  # edges; MKL behind torch's CSR product counts them in 32 bits, DGL in 64


@dataclass(frozen=True)
class MessagePassing:
    """What was asked to multiply, and what does; `run.json` keeps both.

    >>> from finrec_core.model.message_passing import MessagePassing
    >>> MessagePassing.of("auto", edges=70_000, device="cuda")
    MessagePassing(asked='auto', ran='csr')
    """

    asked: Asked
    ran: Backend

    def __post_init__(self) -> None:
        a_message_passing(self.asked)
        if self.ran not in get_args(Backend):
            raise ValueError(f'messages are passed by csr or dgl, not by "{self.ran}".')

    @classmethod
    def of(cls, asked: str | None, *, edges: int, device: str = "cpu") -> "MessagePassing":
        """Follow what is asked, None for the setting, where the longest relation has so many edges.

        `auto` takes CSR, which was faster at every size and width measured (tests/bench/results/
        message_passing.md), and DGL where CSR cannot count the edges. Raises `ValueError` as
        `a_message_passing` does.
        """
        known = a_message_passing(asked, device)
        if known != "auto":
            return cls(known, known)
        return cls(known, "dgl" if _on_processor(device) and edges > MOST_CSR else "csr")


def a_message_passing(asked: str | None, device: str = "cpu") -> Asked:
    """Return what is asked, the setting for None; raises `ValueError` where it is not to be had."""
    asked = settings().message_passing if asked is None else asked
    known: dict[str, Asked] = {one: one for one in get_args(Asked)}
    if asked not in known:
        raise ValueError(f'messages are passed by auto, csr or dgl, not by "{asked}".')
    if asked == "dgl" and not _on_processor(device):
        raise ValueError(f"DGL computes on the processor only: take csr or auto on the device {device!r}.")
    return known[asked]


def _on_processor(device: str) -> bool:
    """Whether a torch device is the processor; the wheel of DGL that is pinned knows no other."""
    return device.partition(":")[0] == "cpu"
