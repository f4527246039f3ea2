"""From evidence to clusters: exact closure first, then matching for what it left apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from c360.core.log import get_logger
from c360.identity.decisions import Decision
from c360.identity.evidence import Evidence, Links, Positions, Refusals
from c360.identity.exact.closure import Closure, close
from c360.identity.incremental import Scored, score_since, state_of
from c360.identity.learned import Learned
from c360.identity.limits.name_variants import learn_variants
from c360.identity.limits.names import FirstNames
from c360.identity.matching import train
from c360.identity.matching.agglomeration import agglomerate
from c360.identity.rules import Rules


@dataclass(frozen=True)
class Resolution:
    """Who is one person, and why.

    labels: for each record the smallest position of a record of the same person.
    links: the accepted evidence; a path of it joins any two records of one person.
    refusals: evidence that was not followed, with the reason.
    bridges: values that several people share, one row each.
    pairs: every pair that matching scored and kept, followed or not.
    learned: what was judged by.
    state: by record what `incremental` compares it by in the next run; None where nothing is matched.
    """

    labels: Positions
    links: Links
    refusals: Refusals
    bridges: pa.Table
    pairs: Links
    learned: Learned
    state: pa.Table | None = None


def learn(evidence: Evidence, rules: Rules, decisions: Sequence[Decision] = ()) -> Learned:
    """Learn, without labels, which first names stand for each other and what agreement of attributes tells."""
    return _learned_and_closed(evidence, rules, decisions)[0]


def resolve(
    evidence: Evidence,
    rules: Rules,
    decisions: Sequence[Decision] = (),
    learned: Learned | None = None,
    before: Scored | None = None,
) -> Resolution:
    """Decide which records are one person.

    Args:
        evidence: Records and identifiers.
        rules: How far each identifier is trusted, and when matching links.
        decisions: What people decided; stronger than any rule.
        learned: What was learned before. Without it, or when it is about other attributes, it is learned from this
            evidence.
        before: What an earlier run scored, so that only pairs of records about whom something new was said are scored
            again. The result is the same without it.
    """
    if learned is not None and learned.fits(rules):
        known, closure = learned, close(evidence, rules, decisions, learned.names)
    else:
        known, closure = _learned_and_closed(evidence, rules, decisions)
    log = get_logger()
    log.info("closed", records=evidence.record_count, links=len(closure.links), refused=len(closure.refusals))
    if known.matching is None:
        return Resolution(closure.labels, closure.links, closure.refusals, closure.bridges, Links.none(), known)
    state = state_of(evidence, closure.labels, known)
    pairs = score_since(before, evidence, closure.labels, rules, known, state)
    log.info("scored", pairs=len(pairs))
    matched = agglomerate(closure.labels, pairs, closure.limits, rules.matching)
    return Resolution(
        labels=matched.labels,
        links=closure.links + matched.links,
        refusals=closure.refusals + matched.refusals,
        bridges=closure.bridges,
        pairs=pairs,
        learned=known,
        state=state,
    )


def _learned_and_closed(evidence: Evidence, rules: Rules, decisions: Sequence[Decision]) -> tuple[Learned, Closure]:
    first_names = learn_variants(evidence, rules)
    closure = close(evidence, rules, decisions, FirstNames(first_names))
    model = train(evidence, closure.labels, rules) if rules.compared else None
    return Learned(dict(rules.compared), first_names, model), closure
