"""What the events process of provision counts by itself, every half minute. No label says anything of a child."""

from __future__ import annotations

from prometheus_client import Gauge

offers_open = Gauge("inborough_offers_open", "Offers of places that stand and are not yet confirmed.")
offers_expiring = Gauge("inborough_offers_expiring", "Open offers whose last day is within 7 days.")
offers_ending = Gauge("inborough_offers_ending", "Open offers whose last day is today or within 2 days.")
places_oversold = Gauge(
    "inborough_places_oversold",
    "Places promised in open offers beyond those that there are, none of them named over number; 0 unless the rule "
    "that no place is offered twice is broken.",
)
