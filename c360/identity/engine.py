"""From evidence to clusters: exact closure first, then matching for what it left apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from c360.core.log import get_logger
from c360.identity.agglomeration import agglomerate
from c360.identity.conflicts import Limits
from c360.identity.decisions import Decision
from c360.identity.evidence import Evidence, Links, Positions, Refusals
from c360.identity.exact import close
from c360.identity.matching import MatchModel, score, train
from c360.identity.names import FirstNames
from c360.identity.rules import Rules
from c360.identity.variants import learn_variants


@dataclass(frozen=True)
class Resolution:
    """Who is one person, and why.

    labels: for each record the smallest position of a record of the same person.
    links: the accepted evidence; a path of it joins any two records of one person.
    refusals: evidence that was not followed, with the reason.
    bridges: values that several people share, one row each.
    pairs: every pair that matching scored, accepted or not.
    model: what matching learned; None when it is off or there was nothing to learn from.
    """

    labels: Positions
    links: Links
    refusals: Refusals
    bridges: pa.Table
    pairs: Links
    model: MatchModel | None


def resolve(
    evidence: Evidence, rules: Rules, decisions: Sequence[Decision] = (), model: MatchModel | None = None
) -> Resolution:
    """Decide which records are one person.

    Args:
        evidence: Records and identifiers.
        rules: How far each identifier is trusted, and when matching links.
        decisions: What people decided; stronger than any rule.
        model: What matching learned before; without it, it learns from this evidence.
    """
    log = get_logger()
    first_names = model.first_names if model else learn_variants(evidence, rules)
    names = FirstNames(first_names)
    closure = close(evidence, rules, decisions, names)
    log.info("closed", records=evidence.record_count, links=len(closure.links), refused=len(closure.refusals))
    if not (rules.matching.is_on and rules.attributes):
        return Resolution(closure.labels, closure.links, closure.refusals, closure.bridges, Links.none(), None)
    model = model or replace(train(evidence, closure.labels, rules), first_names=first_names)
    pairs = score(evidence, closure.labels, rules, model)
    log.info("scored", pairs=len(pairs))
    limits = Limits(evidence, rules, decisions, names)
    matched = agglomerate(closure.labels, pairs, limits, rules.matching)
    return Resolution(
        labels=matched.labels,
        links=closure.links + matched.links,
        refusals=closure.refusals + matched.refusals,
        bridges=closure.bridges,
        pairs=pairs,
        model=model,
    )
