"""Systems whose own keys are quick to make and to import: only the first algorithm of their kind, no RSA."""

from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from unittest.mock import patch

from poreka.kinds import SETTINGS


def quick_keys() -> AbstractContextManager[object]:
    """What is built inside has no RSA keys."""
    with ExitStack() as stack:
        for settings in SETTINGS:
            kind = replace(settings.KIND, algorithms=settings.KIND.algorithms[:1])
            stack.enter_context(patch.object(settings, "KIND", kind))
        return stack.pop_all()
