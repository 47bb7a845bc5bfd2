"""What several tests start from."""

from __future__ import annotations

import pytest

import equipoise as eq


@pytest.fixture(scope="session")
def scenario() -> eq.Scenario:
    """The smallest of the bundled scenarios."""
    return eq.load("kyrgyzstan-2010")


@pytest.fixture(scope="session")
def run(scenario: eq.Scenario) -> eq.Run:
    """A run of it that nobody changes."""
    return scenario.run(histories=256, seed=1)


@pytest.fixture(scope="session")
def crisis() -> eq.Scenario:
    """A scenario with unrest, in which chance has much to say."""
    return eq.load("kazakhstan-2022")
