"""The settings, by the module's name that scripts know."""

from typing import TYPE_CHECKING

from ._absent import advice_for
from ._client import HeadroomConfig as HeadroomConfig
from ._client import HeadroomMode as HeadroomMode
from ._config import CompressConfig as CompressConfig
from ._metrics import RequestMetrics as RequestMetrics
from ._result import SimulationResult as SimulationResult
from ._settings import CacheAlignerConfig as CacheAlignerConfig
from ._settings import CacheOptimizerConfig as CacheOptimizerConfig
from ._settings import CCRConfig as CCRConfig
from ._settings import PrefixFreezeConfig as PrefixFreezeConfig
from ._settings import RelevanceScorerConfig as RelevanceScorerConfig
from ._settings import SmartCrusherConfig as SmartCrusherConfig
from ._transforms import TransformResult as TransformResult

if not TYPE_CHECKING:  # which is to complain about names that are not there
    __getattr__ = advice_for(__name__)
