"""Prometheus metrics of the central system, as plain numbers that a collector reads when somebody scrapes.

Counting on the hot path is one dictionary increment; prometheus-client's own counters take a lock each.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the latency histograms, in seconds."""

CLOSE_CODES = range(1000, 1016)
"""What links are counted by when they end: peers may make up two thousand other codes (RFC 6455 §7.4.2)."""
REPLACED = 4000
"""The code for a link that a newer one of its station took over from."""


class Latencies:
    """One histogram with fixed buckets."""

    __slots__ = ("counts", "total_s")

    def __init__(self) -> None:
        self.counts = [0] * (len(BUCKETS_S) + 1)
        self.total_s = 0.0

    def observe(self, seconds: float) -> None:
        """Count one duration."""
        self.counts[bisect_left(BUCKETS_S, seconds)] += 1
        self.total_s += seconds

    def buckets(self) -> list[tuple[str, float]]:
        """Cumulative counts, as Prometheus wants them."""
        bounds = [*map(str, BUCKETS_S), "+Inf"]
        return [(bound, float(count)) for bound, count in zip(bounds, accumulate(self.counts), strict=True)]


class Metrics(Collector):
    """Counts what happens between stations and us. Register it with a `CollectorRegistry`.

    Keys of the counters are tuples of label values, in the order of the family's labels.
    """

    def __init__(self) -> None:
        self.received: Counter[tuple[str, str]] = Counter()
        """(version, action) of requests from stations."""
        self.kept: Counter[tuple[str, str]] = Counter()
        """(version, action) of reports that nothing here decides, and that are kept."""
        self.answered_errors: Counter[tuple[str, str]] = Counter()
        """(version, error code) of CALLERRORs that we sent."""
        self.findings: Counter[tuple[str]] = Counter()
        """(slug,) of what was tolerated."""
        self.commands: Counter[tuple[str, str]] = Counter()
        """(command or action, outcome)."""
        self.attempts: Counter[tuple[str]] = Counter()
        """(reason,) of connections that never became a link."""
        self.closed: Counter[tuple[str]] = Counter()
        """(close code,) of links."""
        self.cut_off: Counter[tuple[str]] = Counter()
        """(kind of its last message,) of stations that sent too much that serves nothing."""
        self.durable_latency = Latencies()
        """From the arrival of a message that must be stored to its answer."""
        self.command_latency = Latencies()
        """From sending a CALL to the station's answer."""
        self._gauges: list[tuple[str, str, Callable[[], float]]] = []
        self._groups: list[tuple[str, str, str, Callable[[], Mapping[str, float]]]] = []

    def link_closed(self, code: int) -> None:
        """Count a link that ended."""
        is_known = code in CLOSE_CODES or code == REPLACED
        self.closed[str(code) if is_known else "other",] += 1

    def gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        """Show a number that somebody else keeps: `read()` is called at each scrape."""
        self._gauges.append((name, text, read))

    def gauges(self, name: str, text: str, label: str, read: Callable[[], Mapping[str, float]]) -> None:
        """Show numbers that somebody else keeps, one for each value of `label`."""
        self._groups.append((name, text, label, read))

    def collect(self) -> Iterator[Metric]:
        """What Prometheus calls."""
        for name, text, labels, counter in self._counters():
            family = CounterMetricFamily(name, text, labels=labels)
            for values, count in counter.items():
                family.add_metric([str(value) for value in values], count)
            yield family
        for name, text, latencies in self._histograms():
            yield HistogramMetricFamily(name, text, buckets=latencies.buckets(), sum_value=latencies.total_s)
        for name, text, read in self._gauges:
            yield GaugeMetricFamily(name, text, value=read())
        for name, text, label, read_all in self._groups:
            group = GaugeMetricFamily(name, text, labels=[label])
            for value, number in read_all().items():
                group.add_metric([value], number)
            yield group

    def _counters(self) -> list[tuple[str, str, list[str], Counter[tuple[str, str]] | Counter[tuple[str]]]]:
        return [
            ("borne_messages_received", "Requests from stations", ["version", "action"], self.received),
            ("borne_messages_kept", "Reports kept as they came", ["version", "action"], self.kept),
            ("borne_errors_answered", "CALLERRORs sent", ["version", "code"], self.answered_errors),
            ("borne_findings", "Deviations from the standard, tolerated", ["finding"], self.findings),
            ("borne_commands", "Commands to stations, ended", ["command", "outcome"], self.commands),
            ("borne_connection_attempts_failed", "Connections refused", ["reason"], self.attempts),
            ("borne_links_closed", "Links that ended", ["code"], self.closed),
            ("borne_links_cut_off", "Links ended for useless messages", ["last"], self.cut_off),
        ]

    def _histograms(self) -> list[tuple[str, str, Latencies]]:
        return [
            (
                "borne_durable_answer_seconds",
                "Time to store and answer a durable message",
                self.durable_latency,
            ),
            ("borne_command_seconds", "Time a station takes to answer a command", self.command_latency),
        ]
