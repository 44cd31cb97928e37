"""Plain numbers become a Prometheus page."""

from prometheus_client import CollectorRegistry, generate_latest

from csms.metrics import Metrics


def test_counters_gauges_and_histograms_are_exposed() -> None:
    """With their labels, and cumulative buckets."""
    metrics = Metrics()
    registry = CollectorRegistry()
    registry.register(metrics)
    metrics.received["ocpp1.6", "Heartbeat"] += 2
    metrics.durable_latency.observe(0.003)
    metrics.durable_latency.observe(99)
    metrics.gauge("borne_links", "Links", lambda: 3.0)
    page = generate_latest(registry).decode()
    assert 'borne_messages_received_total{action="Heartbeat",version="ocpp1.6"} 2.0' in page
    assert 'borne_durable_answer_seconds_bucket{le="0.005"} 1.0' in page
    assert 'borne_durable_answer_seconds_bucket{le="+Inf"} 2.0' in page
    assert "borne_links 3.0" in page
