"""Matching: records that share no identifier, compared by what they say."""

from c360.identity.matching.model import MatchModel
from c360.identity.matching.scoring import score
from c360.identity.matching.training import train

__all__ = ["MatchModel", "score", "train"]
