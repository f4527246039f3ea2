"""The consent-management platform: every answer, with the strings by which the advertising world passes it on."""

import numpy as np
import pandas as pd
import pyarrow as pa

from c360.sample.draws import Flags, happens
from c360.sample.landing.columns import BASE64URL, joined, of_letters, only_where, text, utc
from c360.sample.landing.written import emails
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, unparsable_date
from c360.sample.story import Story
from c360.sample.timeline import Moments
from c360.sample.world import Writing

ASKED_FOR_ADS = ("ad_user_data", "ad_personalization")
"""Purposes that the platform asks for in the banner, and so passes on."""
GOOGLE_VENDOR = 755
"""Google Advertising Products in the global vendor list of the IAB."""
TCF_PURPOSES = 10
GPP_READER = "google_ads"
"""The recipient that reads the newer string; the other still reads TCF."""
GPP_HEADER = "DBABMA~"
"""A GPP string whose one section is the European TCF string that follows."""


def write(rng: np.random.Generator, story: Story, writing: Writing) -> list[RawTable]:
    """One row per decision."""
    decisions = story.answers.decisions
    person = decisions["person"].to_numpy()
    subject = _subjects(rng, story.people, writing).take(pa.array(person))
    moments = story.timeline.web_times(decisions["day"].to_numpy())
    is_granted = decisions["is_granted"].to_numpy(dtype=bool)
    is_banner = decisions["purpose"].isin(ASKED_FOR_ADS).to_numpy()
    tcf = only_where(tcf_strings(moments, is_granted), is_banner)
    rows = {
        "decision_id": text(decisions["decision_id"]),
        "subject_id": text(story.answers.subject_ids.iloc[person]),
        **{name: subject[name] for name in subject.column_names},
        "purpose": text(decisions["purpose"]),
        "recipient": text(decisions["recipient"]),
        "is_granted": pa.array(is_granted),
        "tcf_string": tcf,
        "gpp_string": only_where(joined(GPP_HEADER, tcf), (decisions["recipient"] == GPP_READER).to_numpy()),
        "decided_at": utc(moments),
    }
    faults = (DUPLICATE, CUT_OFF, unparsable_date("decided_at"))
    return [RawTable("consents", "decisions", "jsonl", pa.table(rows), faults=faults)]


def _subjects(rng: np.random.Generator, people: pd.DataFrame, writing: Writing) -> pa.Table:
    """What the platform knows each person by: always something, the e-mail address if nothing else."""
    by_email, by_account, by_card = writing.completeness.consent_shares
    account_id = people["account_id"].where(happens(rng, by_account, len(people)))
    loyalty_number = people["loyalty_number"].where(happens(rng, by_card, len(people)))
    is_unknown = (account_id.isna() & loyalty_number.isna()).to_numpy()
    email = emails(rng, people["email"], writing, happens(rng, by_email, len(people)) | is_unknown)
    return pa.table({"email": email, "account_id": text(account_id), "loyalty_number": text(loyalty_number)})


def tcf_strings(moments: Moments, is_granted: Flags) -> pa.StringArray:
    """The TCF v2 core string of each answer: all ten purposes and Google, or nothing.

    The bits are those of the IAB's "Consent string and vendor list formats v2"; times are those of the day, as version
    2.2 wants it.
    """
    days = moments.astype("datetime64[D]").astype("int64")
    kinds, kind = np.unique(2 * days + is_granted, return_inverse=True)
    return of_letters(_core(kinds // 2, kinds % 2 == 1)).take(pa.array(kind))


def _core(days: np.ndarray, is_granted: np.ndarray) -> np.ndarray:
    tenths = days * 864_000
    all_purposes = ((1 << TCF_PURPOSES) - 1) << (24 - TCF_PURPOSES)
    granted = is_granted.astype("int64")
    fields = (
        (2, 6), (tenths, 36), (tenths, 36),  # version, created, last updated
        (300, 12), (1, 12), (1, 6),  # the platform, its version, the screen
        (_language("FR"), 12), (264, 12), (5, 6),  # vendor list and policy
        (1, 1), (0, 1), (0, 12),  # for this shop only, standard texts, no special features
        (granted * all_purposes, 24), (0, 24), (0, 1), (_language("FR"), 12),
        (granted * GOOGLE_VENDOR, 16), (1, 1), (granted, 12), (0, 1), (granted * GOOGLE_VENDOR, 16),  # vendors
        (0, 16), (0, 1), (0, 12),  # legitimate interests and publisher restrictions: none
    )  # fmt: skip
    bits = np.concatenate([_bits(value, width, len(days)) for value, width in fields], axis=1)
    bits = np.pad(bits, ((0, 0), (0, -bits.shape[1] % 6)))
    codes = bits.reshape(len(days), -1, 6) @ (1 << np.arange(5, -1, -1))
    return np.asarray(np.frombuffer(BASE64URL.encode(), dtype=np.uint8)[codes])


def _language(code: str) -> int:
    return (ord(code[0]) - ord("A")) * 64 + ord(code[1]) - ord("A")


def _bits(value: int | np.ndarray, width: int, count: int) -> np.ndarray:
    column = np.broadcast_to(np.asarray(value, dtype="int64"), count)
    return (column[:, None] >> np.arange(width - 1, -1, -1)) & 1
