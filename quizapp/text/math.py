r"""LaTeX math as readable Unicode: `$\frac{QK^T}{\sqrt{d_k}}$` becomes `QKᵀ/√dₖ`.

A terminal has one line and one font, so this is a transcription and not a layout. What it does not know it leaves as it was
written: nothing is lost, at worst it stays LaTeX.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_CJK = r"\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
MATH: Final = re.compile(
    r"\$\$(?P<display>[^$]+?)\$\$"
    r"|\\\((?P<round>.+?)\\\)"
    r"|\\\[(?P<square>.+?)\\\]"
    rf"|(?<![\w\\$])\$(?=\S)(?P<dollar>[^$\n{_CJK}]+?)(?<=\S)\$(?!\d)",
    re.DOTALL,
)
r"""Math in running text. A lone `$` is money when a digit follows the closing one, when a space hugs it, or when Chinese text
stands between (`价格$5和$6`); `$$…$$`, `\(…\)` and `\[…\]` have no such doubt."""

_TABLE: Final = """
alpha=α beta=β gamma=γ delta=δ epsilon=ε varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι kappa=κ lambda=λ mu=μ nu=ν
xi=ξ pi=π rho=ρ sigma=σ tau=τ upsilon=υ phi=φ varphi=φ chi=χ psi=ψ omega=ω Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π
Sigma=Σ Phi=Φ Psi=Ψ Omega=Ω sum=Σ prod=Π int=∫ partial=∂ nabla=∇ infty=∞ ell=ℓ cdot=· cdots=⋯ ldots=… dots=… vdots=⋮
times=× div=÷ pm=± mp=∓ odot=⊙ otimes=⊗ oplus=⊕ circ=∘ ast=* star=* le=≤ leq=≤ ge=≥ geq=≥ ne=≠ neq=≠ ll=≪ gg=≫ approx=≈
sim=~ simeq=≃ equiv=≡ propto=∝ in=∈ notin=∉ subset=⊂ subseteq=⊆ cup=∪ cap=∩ forall=∀ exists=∃ emptyset=∅ to=→
rightarrow=→ leftarrow=← Rightarrow=⇒ Leftarrow=⇐ Leftrightarrow=⇔ leftrightarrow=↔ mapsto=↦ uparrow=↑ downarrow=↓ top=⊤
bot=⊥ perp=⊥ mid=| parallel=∥ prime=′ langle=⟨ rangle=⟩ lfloor=⌊ rfloor=⌋ lceil=⌈ rceil=⌉ neg=¬ land=∧ lor=∨ angle=∠
hbar=ℏ
"""
_SYMBOLS: Final = dict(pair.split("=") for pair in _TABLE.split()) | {"quad": "  ", "qquad": "  "}
_UPRIGHT: Final = """
log ln lg exp sin cos tan tanh sinh cosh max min sup inf lim arg det dim ker Pr gcd softmax sigmoid argmax argmin
"""
_NAMES: Final = frozenset(_UPRIGHT.split())
_SPACES: Final = {",": " ", ";": " ", ":": " ", "!": "", " ": " ", "\\": "; ", ">": " "}
_ESCAPED: Final = frozenset("{}%$#_&")
_FONTS: Final = "mathrm mathbf mathit mathsf mathtt text textbf textit textrm operatorname boldsymbol bm mathop mathcal"
_WRAPPERS: Final = frozenset(_FONTS.split())
_SIZES: Final = "left right big Big bigg Bigg bigl bigr Bigl Bigr displaystyle textstyle limits nolimits"
_DROPPED: Final = frozenset(_SIZES.split())
_ACCENTS: Final = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303", "widetilde": "\u0303",
    "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
}  # fmt: skip
_BLACKBOARD: Final = dict(zip("CHNPQRZE1", "ℂℍℕℙℚℝℤ𝔼𝟙", strict=True))
_SUPER: Final = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤′",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ′",
        strict=True,
    )
)
_SUB: Final = dict(zip("0123456789+-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
_TOKEN: Final = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.DOTALL)


def readable(text: str) -> str:
    """`text` with every piece of math in it transcribed."""
    if "$" not in text and "\\" not in text:
        return text
    return MATH.sub(lambda match: transcribe(next(body for body in match.groups() if body is not None)), text)


def transcribe(latex: str) -> str:
    """One formula, without its delimiters, in Unicode. Line breaks become `; `."""
    try:
        return unicodedata.normalize("NFC", re.sub(r" {2,}", " ", _Formula(latex).sequence()).strip())
    except RecursionError:  # thousands of nested braces are no formula
        return latex


class _Formula:
    """A recursive reader over the tokens of one formula."""

    def __init__(self, latex: str) -> None:
        self._tokens = _TOKEN.findall(latex)
        self._next = 0

    def sequence(self, until: str | None = None) -> str:
        return "".join(self._items(until))

    def _items(self, until: str | None) -> Iterator[str]:
        while self._next < len(self._tokens):
            piece = self._take()
            if piece == until:
                return
            yield self._item(piece)

    def _take(self) -> str:
        piece: str = self._tokens[self._next]
        self._next += 1
        return piece

    def _item(self, piece: str) -> str:
        if piece == "{":
            return self.sequence("}")
        if piece in "_^":
            return self._script(piece)
        if piece[0] == "\\" and len(piece) > 1:
            return self._command(piece[1:])
        if piece == "&":
            return ""
        return " " if piece.isspace() else piece

    def _argument(self) -> str:
        """The group or the single token that follows."""
        while self._peek().isspace():
            self._next += 1
        return self._item(self._take()) if self._peek() else ""

    def _script(self, mark: str) -> str:
        body = self._argument()
        table = _SUB if mark == "_" else _SUPER
        compact = body.replace(" ", "")
        if compact and all(char in table for char in compact):
            return "".join(table[char] for char in compact)
        return f"{mark}{body}" if len(body) == 1 or body.isalnum() else f"{mark}({body})"

    def _command(self, name: str) -> str:
        if name in _SPACES:
            return _SPACES[name]
        if name in _ESCAPED:
            return name
        if name == "|":
            return "‖"
        if name in _SYMBOLS:
            return _SYMBOLS[name]
        if name in _NAMES:
            return name
        return self._structure(name)

    def _structure(self, name: str) -> str:
        if name in ("frac", "dfrac", "tfrac"):
            return f"{_grouped(self._argument())}/{_grouped(self._argument())}{self._gap()}"
        if name == "sqrt":
            return self._root()
        if name in _WRAPPERS:
            return self._argument()
        if name == "mathbb":
            body = self._argument()
            return "".join(_BLACKBOARD.get(char, char) for char in body)
        if name in _ACCENTS:
            return _accented(self._argument(), _ACCENTS[name])
        if name in _DROPPED:
            return self._delimiter() if name in ("left", "right") else ""
        if name in ("begin", "end"):
            self._argument()
            return ""
        return f"\\{name}{{{self._argument()}}}" if self._peek() == "{" else f"\\{name}"

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _gap(self) -> str:
        """A space where the denominator would run into what follows: `1/N Σ`."""
        following = self._peek().lstrip("\\")
        return " " if following[:1].isalpha() and self._peek() not in ("\\right", "\\cdot", "\\times") else ""

    def _root(self) -> str:
        if self._peek() == "[":
            self._take()
            degree = self.sequence("]")
            return "".join(_SUPER.get(char, char) for char in degree) + "√" + _grouped(self._argument())
        return "√" + _grouped(self._argument())

    def _delimiter(self) -> str:
        """`\\left.` draws nothing; any other delimiter is drawn as it is."""
        piece = self._argument()
        return "" if piece == "." else piece


def _grouped(body: str) -> str:
    """`body`, in parentheses when it is more than one factor."""
    return f"({body})" if re.search(r"[\s+\-−=,/·×±;]", body.strip()) else body.strip()


def _accented(body: str, accent: str) -> str:
    return body + accent if len(body) == 1 else f"{body[:1]}{accent}{body[1:]}" if body else ""
