"""Golden numbers for packages/transfer, from SciPy.

Run: python reference/transfer/golden.py   (scipy 1.17.1)
"""

import json
from pathlib import Path

from scipy.stats import binomtest

golden = Path(__file__).resolve().parents[2] / "packages" / "transfer" / "src" / "golden"
golden.mkdir(exist_ok=True)

counts = [(0, 1), (1, 1), (0, 40), (1, 40), (29, 40), (30, 40), (39, 40), (40, 40), (92, 100), (144, 153), (7654, 10000), (38000, 50000)]
intervals = []
for correct, total in counts:
    interval = binomtest(correct, total).proportion_ci(confidence_level=0.95, method="wilson")
    intervals.append({"correct": correct, "total": total, "low": interval.low, "high": interval.high})
(golden / "wilson.json").write_text(json.dumps(intervals, indent=1) + "\n")
