"""data-juicer: near duplicates by `dj-process`, word 5-grams, bands for a similarity of 0.8.

python data_juicer_minhash.py SHARDS OUT WORKERS
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

shards, out, workers = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
shutil.rmtree(out, ignore_errors=True)
out.mkdir(parents=True)
minhash = {
    "tokenization": "space",
    "window_size": 5,
    "jaccard_threshold": 0.8,
    "num_permutations": 112,
    "num_bands": 14,
    "num_rows_per_band": 8,
}
config = {
    "project_name": "bench",
    "dataset_path": shards,
    "export_path": f"{out}/kept.jsonl",
    "work_dir": f"{out}/work",
    "ds_cache_dir": f"{out}/cache",
    "np": workers,
    "text_keys": "text",
    "process": [{"document_minhash_deduplicator": minhash}],
    "open_tracer": False,
    "open_monitor": False,
}
path = out / "config.yaml"
path.write_text(json.dumps(config))  # JSON is YAML
environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": f"{out}/datasets"}
process = Path(sys.executable).with_name("dj-process")
sys.exit(subprocess.run([process, "--config", path], env=environment, check=False).returncode)
