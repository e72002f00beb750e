"""What a call may say about how far compression goes."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from ._errors import ConfigurationError, HeadroomWarning, ValidationError

PROFILES = ("lossless", "balanced", "aggressive")

# Names of Headroom's earlier savings profiles and modes, and what comes nearest; None: as without it.
_SAVINGS_PROFILES = {"balanced": None, "general": None, "coding": None, "agent-90": "aggressive"}
_MODES = {"ccr": None, "token": None, "cache": None, "optimize": None, "lossless": "lossless"}
_MARKED_MODES = ("lossy_inline", "lossless_then_lossy")


@dataclass
class CompressConfig:
    """Settings of compress(). Each may also be given to compress() itself.

    The second group is there for scripts that set it: what it asks for is always so, or has no counterpart here. Setting
    one to something else than its default gives a HeadroomWarning and changes nothing.
    """

    profile: str | None = None
    """"lossless": nothing is dropped, no markers. "balanced" (the default): what an answer may need stays. "aggressive"."""
    tool_profiles: Mapping[str, str] | Iterable[str] = ()
    """Profiles for the results of some tools: {"Bash": "aggressive", "mcp__db__*": "lossless"}; the first that fits."""
    token_budget: int | None = None
    """For all that the model reads; results are cut further until it is met, when it can be."""
    target_tokens: int = 0
    """Aim per tool result; 0: as the content allows."""
    target_ratio: float | None = None
    """The share of the request's tokens to aim for; a token_budget in other words."""
    min_tokens_to_compress: int | None = None
    """Tool results of fewer tokens are left as they are; None: 200."""
    frozen_message_count: int = 0
    """So many messages at the beginning are returned as they are."""
    protect_recent: int = 0
    """So many messages at the end are returned as they are. They change later, when they are not recent any more, which
    costs the provider's prompt cache; so the default is 0."""
    diagnostics: bool = False
    """Say for each tool result what happened to it."""
    verify_lossless: bool = False
    """Read every original back from the store before its marker is used; what cannot be read is not shortened."""
    mode: str | None = None
    """"ccr" (markers; the default) or "lossless"; other modes of earlier versions mean the same as "ccr"."""
    savings_profile: str | None = None
    """A profile by its earlier name: "balanced", "coding", "general"; "agent-90" is "aggressive"."""

    compress_user_messages: bool = False
    compress_system_messages: bool = True
    protect_analysis_context: bool = True
    kompress_model: str | None = None

    def level(self) -> str:
        """The profile that all of this names; "" when nothing does."""
        profile = self.profile
        if profile is not None and profile not in PROFILES:
            raise ConfigurationError(f"profile must be one of {', '.join(PROFILES)}", code="invalid_argument")
        if self.mode is not None and self.mode not in (*_MODES, *_MARKED_MODES):
            raise ConfigurationError(f"no mode {self.mode!r}", code="invalid_argument")
        if self.savings_profile is not None and self.savings_profile not in (*_SAVINGS_PROFILES, *PROFILES):
            raise ConfigurationError(f"no savings_profile {self.savings_profile!r}", code="invalid_argument")
        name = self.savings_profile or ""
        earlier = _SAVINGS_PROFILES.get(name) if name in _SAVINGS_PROFILES else name
        return profile or _MODES.get(self.mode or "") or earlier or ""

    def tools(self) -> tuple[str, ...]:
        """tool_profiles as "GLOB=PROFILE"."""
        given: Any = self.tool_profiles
        if isinstance(given, Mapping):
            return tuple(f"{_word(glob)}={_word(profile)}" for glob, profile in given.items())
        if isinstance(given, str):
            return (given,)
        return tuple(_word(pair) for pair in given)

    def warn_of_what_has_no_effect(self, stacklevel: int) -> None:
        for name, why in _NO_EFFECT.items():
            if getattr(self, name) not in (_DEFAULTS[name], "disabled"):
                warnings.warn(f"{name} has no effect: {why}", HeadroomWarning, stacklevel=stacklevel + 1)
        if self.mode in _MARKED_MODES:
            why = "where something was dropped, a marker says so"
            warnings.warn(f"mode {self.mode!r} is 'ccr': {why}", HeadroomWarning, stacklevel=stacklevel + 1)


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise ConfigurationError("tool_profiles are texts: {'Bash': 'aggressive'}", code="invalid_argument")
    return value


_NO_EFFECT = {
    "compress_user_messages": "only tool results are shortened",
    "protect_analysis_context": "what the conversation asks for is always kept",
    "kompress_model": "no learned model rewrites text here",
}
_DEFAULTS = {field.name: field.default for field in fields(CompressConfig)}


def config_with(config: Any, changes: dict[str, Any]) -> CompressConfig:
    """The config, or the default one, with fields changed. TypeError for a name that is none. A HeadroomConfig stands for the
    CompressConfig that it makes."""
    if config is not None and not isinstance(config, CompressConfig):
        make = getattr(config, "settings", None)
        if not callable(make):
            kind = type(config).__name__
            raise ValidationError(f"config must be a CompressConfig, not {kind}", code="invalid_argument")
        config = make()
    for name in changes:
        if name not in _DEFAULTS:
            near = difflib.get_close_matches(name, _DEFAULTS, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise TypeError(f"compress() has no argument and CompressConfig no field {name!r}{hint}")
    made = replace(config if config is not None else CompressConfig(), **changes)
    for name in _NUMBERS:
        value = getattr(made, name)
        if value is not None and not hasattr(value, "__index__"):
            raise ValidationError(f"{name} must be a whole number, not {type(value).__name__}", code="invalid_argument")
    if made.target_ratio is not None and not isinstance(made.target_ratio, (int, float)):
        raise ValidationError("target_ratio must be a number", code="invalid_argument")
    return made


_NUMBERS = ("token_budget", "target_tokens", "min_tokens_to_compress", "frozen_message_count", "protect_recent")
