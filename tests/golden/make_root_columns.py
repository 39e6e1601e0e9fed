#!/usr/bin/env python3
"""What uproot reads from public ROOT files: rows, ranges and a hash of every flat numeric column.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install uproot==5.7.7
    /tmp/venv/bin/python tests/golden/make_root_columns.py ../shared/data > tests/golden/root-columns.json

sha256 is that of the column as little-endian doubles.
"""
import hashlib
import json
import sys

import numpy as np
import uproot

FILES = [
    ("root/uproot-Zmumu-zlib.root", "events"),
    ("root/uproot-simple.root", "tree"),
    ("root/uproot-small-flat-tree.root", "tree"),
    ("root/uproot-hepdata-example.root", "ntuple"),
    ("root/lhcb-PhaseSpaceSimulation.root", "PhaseSpaceTree"),
    ("root/uproot-nesteddirs.root", "one/two/tree"),
    ("root/uproot-empty.root", "tree"),
    ("pybumphunter/data.root", "bkg"),
]
result = []
for name, tree_name in FILES:
    tree = uproot.open(f"{sys.argv[1]}/{name}")[tree_name]
    columns = {}
    for branch in tree.branches:
        if branch.interpretation.numpy_dtype.kind not in "iufb" or branch.interpretation.numpy_dtype.subdtype:
            continue
        values = branch.array(library="np").astype("<f8")
        least, most = (float(values.min()), float(values.max())) if len(values) else (None, None)
        columns[branch.name] = {"sha256": hashlib.sha256(values.tobytes()).hexdigest(), "min": least, "max": most}
    result.append({"file": name, "tree": tree_name, "rows": tree.num_entries, "columns": columns})
program = {"program": "uproot", "version": uproot.__version__, "command": "tests/golden/make_root_columns.py"}
print(json.dumps({**program, "files": result}, indent=1))
