"""data-juicer: `dj-process --config`, the job's functions as custom operators.

python data_juicer_job.py JOB SHARDS OUT WORKERS     jobs: io, ab, abc
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

OPERATORS = {
    "io": [{"text_length_filter": {"min_len": 0}}],  # it needs at least one
    "ab": [{"bench_patterns_filter": {}}, {"bench_prose_filter": {}}],
}
OPERATORS["abc"] = [*OPERATORS["ab"], {"document_deduplicator": {}}]

job, shards, out, workers = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
shutil.rmtree(out, ignore_errors=True)
out.mkdir(parents=True)
config = {
    "project_name": "bench",
    "dataset_path": shards,
    "export_path": f"{out}/kept.jsonl",
    "work_dir": f"{out}/work",
    "ds_cache_dir": f"{out}/cache",
    "np": workers,
    "text_keys": "text",
    "process": OPERATORS[job],
    "custom_operator_paths": [str(Path(__file__).with_name("data_juicer_operators.py"))],
    "open_tracer": False,
    "open_monitor": False,
}
path = out / "config.yaml"
path.write_text(json.dumps(config))  # JSON is YAML
environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": f"{out}/datasets"}
process = Path(sys.executable).with_name("dj-process")
sys.exit(subprocess.run([process, "--config", path], env=environment, check=False).returncode)
