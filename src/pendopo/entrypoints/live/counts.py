"""What the live process counts: who looks on, what is sent, how late, and who was cut."""

from pendopo.foundation import metrics

VIEWERS = metrics.level("pendopo_live_viewers", "Open streams of live sessions.")
SESSIONS = metrics.level("pendopo_live_sessions", "Live sessions that somebody follows.")
MESSAGES = metrics.counter(
    "pendopo_live_messages_total", "Messages put into the queues of viewers, first messages left out."
)
LAG = metrics.histogram(
    "pendopo_live_lag_seconds",
    "Age of the newest event of a session when the messages that tell of it are queued for all its viewers.",
    buckets=(0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5, 5, 15, 60),
)
DROPPED = metrics.counter(
    "pendopo_live_dropped_total", "Viewers cut because they did not take their messages; they come again."
)
REFUSED = metrics.counter(
    "pendopo_live_refused_total",
    "Streams refused, by reason: `ticket` (not ours or too old), `used`, `full`.",
    ("reason",),
)
