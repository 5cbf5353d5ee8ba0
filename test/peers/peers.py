"""The peers' side of `make bench-peers`: the data are read once, then every
line on standard input names a piece of work, and is answered by a line of JSON
with the seconds that it took and the values that came out. Packages are
imported before the clock starts."""

import json
import sys
import time
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
ROWS, RESAMPLED, COVARIATES, COLUMNS = 1_000_000, 10_000, 5, 10


def numbers(name):
    import numpy

    return numpy.fromfile(Path(sys.argv[1]) / name, dtype="<f8")


def auroc():
    from sklearn.metrics import roc_auc_score

    labels, scores = numbers("labels"), numbers("scores")
    return lambda: [roc_auc_score(labels, scores)]


def delong():
    """Sun and Xu 2014, IEEE Signal Process Lett 21:1389: midranks."""
    import numpy
    from scipy.stats import rankdata

    labels, scores = numbers("labels"), numbers("scores")

    def work():
        positive, negative = scores[labels == 1], scores[labels == 0]
        m, n = len(positive), len(negative)
        together = rankdata(numpy.concatenate([positive, negative]))
        above = (together[:m] - rankdata(positive)) / n
        below = 1 - (together[m:] - rankdata(negative)) / m
        return [above.mean(), (above.var(ddof=1) / m + below.var(ddof=1) / n) ** 0.5]

    return work


def bootstrap():
    import numpy
    from sklearn.metrics import roc_auc_score

    labels, scores = numbers("labels")[:RESAMPLED], numbers("scores")[:RESAMPLED]
    positive, negative = numpy.flatnonzero(labels == 1), numpy.flatnonzero(labels == 0)

    def work():
        random = numpy.random.default_rng(1)
        areas = []
        for _ in range(2000):
            drawn = numpy.concatenate([random.choice(positive, len(positive)), random.choice(negative, len(negative))])
            areas.append(roc_auc_score(labels[drawn], scores[drawn]))
        return [roc_auc_score(labels, scores), *numpy.quantile(areas, [0.025, 0.975])]

    return work


def follow_up():
    return numbers("covariates").reshape(-1, COVARIATES), numbers("time"), numbers("event")


def lifelines():
    import pandas
    from lifelines import CoxPHFitter

    covariates, followed, event = follow_up()
    frame = pandas.DataFrame(covariates, columns=[f"x{i}" for i in range(COVARIATES)])
    frame["time"], frame["event"] = followed, event
    return lambda: list(CoxPHFitter().fit(frame, "time", "event").params_)


def sksurv():
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.util import Surv

    covariates, followed, event = follow_up()
    outcome = Surv.from_arrays(event == 1, followed)
    return lambda: list(CoxPHSurvivalAnalysis(ties="efron").fit(covariates, outcome).coef_)


def phreg():
    from statsmodels.duration.hazard_regression import PHReg

    covariates, followed, event = follow_up()
    return lambda: list(PHReg(followed, covariates, status=event, ties="efron").fit().params)


def columns():
    both = numbers("drift").reshape(COLUMNS, 2, ROWS)
    return both[:, 0], both[:, 1]


def drift():
    import numpy
    from scipy.stats import ks_2samp

    reference, current = columns()

    def psi(before, after):
        inner = numpy.quantile(before, numpy.arange(1, 10) / 10)
        p, q = (numpy.bincount(numpy.searchsorted(inner, x), minlength=10) / len(x) for x in (before, after))
        return float(numpy.sum((q - p) * numpy.log(q / p)))

    def work():
        pairs = list(zip(reference, current))
        return [ks_2samp(c, r, method="asymp").statistic for r, c in pairs] + [psi(r, c) for r, c in pairs]

    return work


def evidently():
    import pandas
    from evidently import Report
    from evidently.presets import DataDriftPreset

    names = [f"c{i}" for i in range(COLUMNS)]
    reference, current = (pandas.DataFrame(dict(zip(names, one))) for one in columns())

    def work():
        answer = Report([DataDriftPreset(num_method="ks")]).run(current, reference).dict()
        drifts = [m for m in answer["metrics"] if m["metric_name"].startswith("ValueDrift")]
        return [float(next(m["value"] for m in drifts if m["config"]["column"] == name)) for name in names]

    return work


PREPARE = {f.__name__: f for f in (auroc, delong, bootstrap, lifelines, sksurv, phreg, drift, evidently)}
ready = {}
for line in sys.stdin:
    name = line.strip()
    try:
        if name not in ready:
            ready[name] = PREPARE[name]()
        started = time.perf_counter()
        values = ready[name]()
        answer = {"seconds": time.perf_counter() - started, "values": [float(value) for value in values]}
    except ImportError as error:
        answer = {"missing": f"{error.name or error} is not installed"}
    except Exception as error:  # the next piece of work may go better
        answer = {"missing": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
