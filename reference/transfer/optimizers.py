"""Golden numbers for packages/transfer/src/optimizers: 20 steps of PyTorch's, Keras' and TensorFlow's rules on a small problem.

Run: python reference/transfer/optimizers.py torch   (torch 2.9.1; requirements-torch.txt)
     python reference/transfer/optimizers.py tf      (tensorflow 2.21.0, which brings Keras 3; requirements-tf.txt)

The loss is sum((w * x - y)^2) over fixed x and y: a matrix w of rank 2, which decays, and a vector b of rank 1, which does
not. The rate falls by 2 % a step, so that it enters where it should. A run named `all` decays b too, one with `clip` clips
the gradients, one with `ema` averages the weights.
"""

import json
import sys
from pathlib import Path

golden = Path(__file__).resolve().parents[2] / "packages" / "transfer" / "src" / "golden"
golden.mkdir(exist_ok=True)

START = [[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]]
BIAS = [0.1, -0.2, 0.3]
X = [[1.0, 2.0, -1.0], [0.5, -1.5, 1.0]]
Y = [[0.0, 1.0, 1.0], [2.0, -1.0, 0.5]]
STEPS = 20


def torch_runs():
    import torch

    def run(make, rate, decay=0.0, all_decay=False, clip=None, ema=None):
        w = torch.tensor(START, requires_grad=True)
        b = torch.tensor(BIAS, requires_grad=True)
        groups = [{"params": [w], "weight_decay": decay}, {"params": [b], "weight_decay": decay if all_decay else 0.0}]
        optimizer = make(groups, rate)
        shadow = [w.detach().clone(), b.detach().clone()]
        for step in range(STEPS):
            for group in optimizer.param_groups:
                group["lr"] = rate * 0.98**step
            optimizer.zero_grad()
            ((w * torch.tensor(X) + b - torch.tensor(Y)) ** 2).sum().backward()
            if clip:
                clip(torch, [w, b])
            optimizer.step()
            if ema:
                torch.optim.swa_utils.get_ema_multi_avg_fn(ema)(shadow, [w.detach(), b.detach()], step)
        at = shadow if ema else [w, b]
        return {"w": at[0].tolist(), "b": at[1].tolist()}

    sgd = lambda **k: lambda groups, rate: torch.optim.SGD(groups, lr=rate, **k)
    adamw = lambda groups, rate: torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.999), eps=1e-8)
    adam = lambda groups, rate: torch.optim.Adam(groups, lr=rate, betas=(0.9, 0.999), eps=1e-8)
    rms = lambda **k: lambda groups, rate: torch.optim.RMSprop(groups, lr=rate, alpha=0.9, **k)
    norm = lambda torch, weights: torch.nn.utils.clip_grad_norm_(weights, 1.5)
    value = lambda torch, weights: torch.nn.utils.clip_grad_value_(weights, 0.5)
    return {
        "adamw": {"rate": 0.05, "weightDecay": 0.1, **run(adamw, 0.05, 0.1)},
        "adamw, all": {"rate": 0.05, "weightDecay": 0.1, **run(adamw, 0.05, 0.1, all_decay=True)},
        "adam": {"rate": 0.05, "weightDecay": 0.1, **run(adam, 0.05, 0.1)},
        "sgd": {"rate": 0.01, **run(sgd(momentum=0.9), 0.01)},
        "sgd, nesterov": {"rate": 0.01, "weightDecay": 0.1, **run(sgd(momentum=0.9, nesterov=True), 0.01, 0.1)},
        "sgd, coupled": {"rate": 0.01, "weightDecay": 0.1, **run(sgd(momentum=0.9), 0.01, 0.1)},
        "sgd, coupled, all": {"rate": 0.01, "weightDecay": 0.1, **run(sgd(momentum=0.9), 0.01, 0.1, all_decay=True)},
        "sgd, norm": {"rate": 0.01, **run(sgd(momentum=0.9), 0.01, clip=norm)},
        "sgd, value": {"rate": 0.01, **run(sgd(momentum=0.9), 0.01, clip=value)},
        "sgd, ema": {"rate": 0.01, **run(sgd(momentum=0.9), 0.01, ema=0.9)},
        "rmsprop": {"rate": 0.02, **run(rms(eps=1e-8, momentum=0.9), 0.02)},
        "rmsprop, decay": {"rate": 0.02, "weightDecay": 0.1, **run(rms(eps=1e-8), 0.02, 0.1)},
    }


def tf_runs():
    import tensorflow as tf

    def run(make, rate, keras=True, decay=0.0, clip=None, ema=None, decoupled=False):
        w, b = tf.Variable(START), tf.Variable(BIAS)
        now = tf.Variable(rate)
        optimizer = make(now)
        if decoupled:
            optimizer.exclude_from_weight_decay(var_list=[b])
        averages = tf.train.ExponentialMovingAverage(ema[0], num_updates=None) if ema else None
        if averages:
            averages.apply([w, b])
        for step in range(STEPS):
            now.assign(rate * 0.98**step)
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum((w * tf.constant(X) + b - tf.constant(Y)) ** 2) + decay * tf.nn.l2_loss(w)
            gradients = tape.gradient(loss, [w, b])
            if clip:
                gradients, _ = tf.clip_by_global_norm(gradients, clip)
            if keras:
                optimizer.learning_rate = now
            optimizer.apply_gradients(zip(gradients, [w, b]))
            if averages:
                averages = _averaged(tf, averages, ema, step, [w, b])
        at = [averages.average(v) for v in [w, b]] if averages else [w, b]
        return {"w": at[0].numpy().tolist(), "b": at[1].numpy().tolist()}

    def _averaged(tf, averages, ema, step, variables):
        # `num_updates` ramps the decay up: min(decay, (1 + n) / (10 + n)).
        averages._num_updates = float(step) if ema[1] else None
        averages.apply(variables)
        return averages

    v1 = tf.compat.v1.train
    k = tf.keras.optimizers
    rms = lambda epsilon, momentum: lambda rate: v1.RMSPropOptimizer(rate, decay=0.9, momentum=momentum, epsilon=epsilon)
    v1_run = lambda make, rate, **o: run(make, rate, keras=False, **o)
    return {
        "tf rmsprop": {"rate": 0.045, **v1_run(rms(1.0, 0.9), 0.045)},
        "tf rmsprop, small epsilon": {"rate": 0.02, "weightDecay": 0.1, **v1_run(rms(1e-10, 0.0), 0.02, decay=0.1)},
        "tf rmsprop, norm": {"rate": 0.045, **v1_run(rms(1.0, 0.9), 0.045, clip=2.0)},
        "tf momentum": {"rate": 0.01, **v1_run(lambda r: v1.MomentumOptimizer(r, 0.9), 0.01)},
        "tf ema": {"rate": 0.01, **v1_run(lambda r: v1.MomentumOptimizer(r, 0.9), 0.01, ema=(0.9, False))},
        "tf ema, ramp": {"rate": 0.01, **v1_run(lambda r: v1.MomentumOptimizer(r, 0.9), 0.01, ema=(0.9, True))},
        "keras rmsprop": {"rate": 0.02, **run(lambda r: k.RMSprop(0.02, rho=0.9, momentum=0.9, epsilon=1e-7), 0.02)},
        "keras sgd": {"rate": 0.01, **run(lambda r: k.SGD(0.01, momentum=0.9), 0.01)},
        "keras sgd, nesterov": {"rate": 0.01, **run(lambda r: k.SGD(0.01, momentum=0.9, nesterov=True), 0.01)},
        "keras sgd, decoupled": {
            "rate": 0.01,
            "weightDecay": 0.1,
            **run(lambda r: k.SGD(0.01, momentum=0.9, weight_decay=0.1), 0.01, decoupled=True),
        },
    }


library = sys.argv[1]
runs = {"torch": torch_runs, "tf": tf_runs}[library]()
problem = {"w": START, "b": BIAS, "x": X, "y": Y, "steps": STEPS, "decay": 0.98}
(golden / f"optimizers.{library}.json").write_text(json.dumps({"problem": problem, "runs": runs}, indent=1) + "\n")
