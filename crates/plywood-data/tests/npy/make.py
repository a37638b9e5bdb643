"""Writes the arrays that the tests read: all of NumPy's own making.

Run it with an interpreter that has numpy; it writes beside itself.
"""

import io
import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
EXTREMES = {"i": [-1, 0, 1], "u": [0, 1, 2], "f": [-1.5, 0.0, 0.333251953125], "b": [False, True, True]}

arrays = {}
for name in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]:
    values = list(EXTREMES[name[0]])
    if name[0] in "iu":
        # u8 ends where integers of 64 bits with a sign do.
        top = min(np.iinfo(name).max, 2**63 - 1)
        values += [int(np.iinfo(name).min), int(top)]
    for order in "<>":
        arrays[f"{'little' if order == '<' else 'big'}_{name}"] = np.array(values, dtype=order + name)
arrays["half"] = np.array([65504.0, 2.0**-24, 2.0**-14, np.inf, -0.0], dtype="<f2")
arrays["scalar"] = np.array(2.5)
arrays["empty"] = np.zeros((0, 3), dtype="f4")
arrays["matrix"] = np.arange(6, dtype="f4").reshape(2, 3)
arrays["fortran"] = np.asfortranarray(np.arange(24, dtype=">i2").reshape(2, 3, 4))
arrays["long"] = np.zeros((1, 100), dtype="u1")

np.savez(HERE / "arrays.npz", **arrays)
np.savez_compressed(HERE / "deflated.npz", matrix=arrays["matrix"], fortran=arrays["fortran"], long=arrays["long"])
for version in [(2, 0), (3, 0)]:
    with open(HERE / f"version{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, arrays["matrix"], version=version)


def saved(array):
    file = io.BytesIO()
    np.save(file, array)
    return list(file.getvalue())


golden = {
    "numpy": np.__version__,
    # As text, for integers of 64 bits.
    "arrays": {
        name: {"shape": list(a.shape), "values": [str(v) for v in a.reshape(-1).tolist()]}
        for name, a in arrays.items()
    },
    # What np.save writes of arrays that Plywood can have.
    "saved": {
        "matrix": saved(np.arange(6, dtype="<f4").reshape(2, 3)),
        "matrix64": saved(np.arange(6, dtype="<f8").reshape(2, 3)),
        "scalar": saved(np.array(2.5, dtype="<f4")),
        "scalar64": saved(np.array(2.5, dtype="<f8")),
        "integers": saved(np.array([3, -1, 2], dtype="<i8")),
        "empty": saved(np.zeros((0, 3), dtype="<i8")),
    },
}
(HERE / "golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
