"""The advice package: whether a product suits a client under the bank's rules, and what was decided."""

from finrec_core.advice.rules import Rules, RulesError
from finrec_core.advice.suitability import NO_FACTS, Suitability, Verdict

__all__ = ["NO_FACTS", "Rules", "RulesError", "Suitability", "Verdict"]
