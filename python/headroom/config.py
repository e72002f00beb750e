"""The settings, by the module's name that scripts know."""

from ._client import HeadroomConfig as HeadroomConfig
from ._client import HeadroomMode as HeadroomMode
from ._config import CompressConfig as CompressConfig
from ._metrics import RequestMetrics as RequestMetrics
from ._result import SimulationResult as SimulationResult
