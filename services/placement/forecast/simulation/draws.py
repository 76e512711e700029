"""Chance, drawn so that two scenarios meet the same children.

Every draw is keyed by (seed, replicate, year, purpose) and, where it is one child's or one pool's, by that one's own
64-bit seed: never by how many draws came before. So a lever changes only what it touches (common random numbers), and
a replicate comes out the same in any process.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.placement.forecast.rates.rates import FloatArray

Seeds = npt.NDArray[np.uint64]
CountArray = npt.NDArray[np.int64]

PURPOSES = (
    "level",
    "growth",
    "new_plans",
    "template",
    "cease",
    "breakdown",
    "request",
    "rather_than_mss",
    "rather_than_inmss",
    "secured",
    "opens",
    "late",
    "months",
    "take_up",
    "suitable",
    "arrival",
)
LARGEST_COUNT = 10_000
_TAIL = 1e-12


@dataclass(frozen=True)
class Draws:
    """The draws of one replicate."""

    seed: int
    replicate: int

    def normal(self, purpose: str, year: int = 0) -> float:
        """One standard normal number."""
        return float(self._generator(purpose, year).standard_normal())

    def uniforms(self, purpose: str, year: int, shape: tuple[int, ...]) -> FloatArray:
        """Numbers from 0 up to 1 for the cells of a fixed table."""
        return self._generator(purpose, year).random(shape)

    def uniform_of(self, purpose: str, year: int, seeds: Seeds) -> FloatArray:
        """float64[n], a number from 0 up to 1 for each seed, the same whichever others are asked for."""
        salt = self._sequence(purpose, year).generate_state(1, np.uint64)[0]
        mixed = mix(seeds ^ salt)
        return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def _generator(self, purpose: str, year: int) -> np.random.Generator:
        return np.random.Generator(np.random.Philox(self._sequence(purpose, year)))

    def _sequence(self, purpose: str, year: int) -> np.random.SeedSequence:
        return np.random.SeedSequence(self.seed, spawn_key=(self.replicate, year, PURPOSES.index(purpose)))


def mix(seeds: Seeds) -> Seeds:
    """Return uint64[n] with every bit of each seed spread over all (splitmix64: Steele, Lea and Flood, 2014)."""
    with np.errstate(over="ignore"):
        mixed = seeds + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))


def counts(mean: FloatArray, dispersion: float, uniform: FloatArray) -> CountArray:
    """Return the count at each uniform number of a negative binomial, or Poisson, distribution.

    By the inverse of the distribution, so that a higher mean never gives fewer at the same number.

    Parameters
    ----------
    mean, uniform
        float64 of one shape.
    dispersion
        0 for Poisson; else the variance is mean + dispersion * mean ** 2.
    """
    found = np.zeros(mean.shape, dtype=np.int64)
    at = np.flatnonzero(mean > 0)
    average, wanted = mean.ravel()[at], np.minimum(uniform.ravel()[at], 1 - _TAIL)
    chance = _chance_of_none(average, dispersion)
    reached, count = chance.copy(), np.zeros(at.size, dtype=np.int64)
    step = 0
    while (short := reached < wanted).any() and step < LARGEST_COUNT:
        count[short] += 1
        step += 1
        chance *= _next_ratio(average, dispersion, step)
        reached += chance
    found.ravel()[at] = count
    return found


def _chance_of_none(mean: FloatArray, dispersion: float) -> FloatArray:
    if dispersion <= 0:
        return np.exp(-mean)
    return np.exp(-np.log1p(dispersion * mean) / dispersion)


def _next_ratio(mean: FloatArray, dispersion: float, count: int) -> FloatArray:
    """The chance of `count` over the chance of one less."""
    if dispersion <= 0:
        return mean / count
    return (1 / dispersion + count - 1) / count * (dispersion * mean / (1 + dispersion * mean))
