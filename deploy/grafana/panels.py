"""What every dashboard is made of: numbers, lines over time, rows of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.timeseries import Panel as TimeSeries
from grafana_foundation_sdk.models.dashboard import Dashboard as DashboardModel
from grafana_foundation_sdk.models.dashboard import DataSourceRef

PROMETHEUS = DataSourceRef(type_val="prometheus", uid="prometheus")
COUNT, RATIO, SECONDS, DAYS, BYTES, A_SECOND = "short", "percentunit", "s", "d", "bytes", "reqps"
HEIGHT, WIDE, NARROW = 8, 12, 6
Panel = Stat | TimeSeries


def stat(title: str, description: str, unit: str, expression: str) -> Stat:
    """One number as it stands."""
    query = Dataquery().ref_id("A").expr(expression).instant()
    panel = Stat().title(title).description(description).unit(unit).datasource(PROMETHEUS)
    return panel.height(HEIGHT // 2).span(NARROW).with_target(query)


def lines(title: str, description: str, unit: str, *queries: tuple[str, str]) -> TimeSeries:
    """Lines over time. A query is what is asked, and what its lines are called."""
    panel = TimeSeries().title(title).description(description).unit(unit).datasource(PROMETHEUS).min(0)
    for at, (expression, name) in enumerate(queries):
        panel = panel.with_target(Dataquery().ref_id("ABC"[at]).expr(expression).legend_format(name))
    return panel.height(HEIGHT).span(WIDE)


def quantile(share: float, histogram: str, by: str = "", chosen: str = "") -> str:
    """The value below which a share of a histogram's measurements lie, apart `by` a label, of those `chosen`."""
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, sum by ({labels}) (rate({histogram}_bucket{chosen}[$__rate_interval])))"


def build_dashboard(title: str, uid: str, since: str, rows: Mapping[str, Sequence[Panel]]) -> DashboardModel:
    """A dashboard that shows what happened `since` a time, such as now-6h; rows by their titles."""
    board = (
        Dashboard(title).uid(uid).tags(["inborough"]).readonly().time(since, "now").refresh("1m").timezone("browser")
    )
    for name, panels in rows.items():
        board = board.with_row(Row(name))
        for panel in panels:
            board = board.with_panel(panel)
    return board.build()
