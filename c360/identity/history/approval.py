"""Changed rules that somebody looked at and approved, by digest."""

from pathlib import Path

from c360.core.files import appearing
from c360.identity.rules import Rules
from c360.privacy.hashing import sha256_hex


def rules_digest(rules: Rules) -> str:
    """What two files of rules share exactly when they say the same about who is one person."""
    return sha256_hex(rules.model_dump_json(exclude={"max_changed_share"}))


def approve(identity_dir: Path, digest: str) -> None:
    """Let runs follow the rules with this digest, however many customers they merge or split."""
    approved = {*_approved(identity_dir), digest}
    with appearing(_path(identity_dir)) as part:
        part.write_text("".join(f"{one}\n" for one in sorted(approved)), encoding="utf-8")


def is_approved(identity_dir: Path, digest: str) -> bool:
    """Whether somebody approved the rules with this digest."""
    return digest in _approved(identity_dir)


def _approved(identity_dir: Path) -> list[str]:
    path = _path(identity_dir)
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def _path(identity_dir: Path) -> Path:
    return identity_dir / "approved_rules"
