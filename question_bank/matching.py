"""How key points meet an answer at its simplest: one normal form of text, and keywords found in it.

The lint uses this to prove that a model answer hits its own key points. Grading builds on the same normal form, so that a
`must_not` pattern means the same when it is written, checked and applied.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACE = re.compile(r"\s+")
_JOINT = re.compile(r"[\s\-_‐-―]+")


def normalise(text: str) -> str:
    """Full width to half, upper case to lower, all spacing one space. `，` becomes `,` and `ＲＬＨＦ` becomes `rlhf`."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


@lru_cache(maxsize=65536)
def keyword_pattern(keyword: str) -> re.Pattern[str]:
    """Finds `keyword` in normalised text: `KV Cache` also as `kvcache` or `kv-cache`; Latin words not inside other words."""
    parts = [re.escape(part) for part in _JOINT.split(normalise(keyword)) if part]
    body = r"[\s\-_]*".join(parts)
    before = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", body) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]$", body) else ""
    return re.compile(f"{before}{body}{'s?' if after and body[-1:].isalpha() else ''}{after}")


def has_keyword(keyword: str, normalised: str) -> bool:
    """Whether `keyword` stands in the normalised text."""
    return keyword_pattern(keyword).search(normalised) is not None


def hit_groups(keywords: tuple[tuple[str, ...], ...], normalised: str) -> list[bool]:
    """For every keyword group, whether one of its synonyms is there."""
    return [any(has_keyword(keyword, normalised) for keyword in group) for group in keywords]
