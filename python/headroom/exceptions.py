"""The errors, by the module's name that scripts know."""

from ._errors import *  # noqa: F403
from ._errors import __all__ as __all__
