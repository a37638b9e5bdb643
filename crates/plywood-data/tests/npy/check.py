"""Whether NumPy reads the archives that Plywood writes; the test `npy` compares what it writes with these very files.

Run it with an interpreter that has numpy, after `PLYWOOD_WRITE=1 cargo test -p plywood-data --test npy` if they shall change.
"""

import zipfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
for name in ["ours.npz", "ours_deflated.npz"]:
    assert zipfile.ZipFile(HERE / name).testzip() is None
    with np.load(HERE / name, allow_pickle=False) as arrays:
        assert set(arrays.files) == {"labels", "x", "größe"}, arrays.files
        assert arrays["x"].dtype == np.float32 and arrays["labels"].dtype == np.int64
        np.testing.assert_array_equal(arrays["x"], np.arange(6, dtype="f4").reshape(2, 3))
        np.testing.assert_array_equal(arrays["labels"], [3, -1, 2])
        np.testing.assert_array_equal(arrays["größe"], np.zeros((200,)))
print("NumPy", np.__version__, "reads both")
