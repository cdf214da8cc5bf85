"""`datasets` without progress bars, and without the thread of tqdm that watches them.

A process that has a thread starts its workers anew instead of forking them: slower, in every test
that comes after.
"""

import datasets
import tqdm

datasets.disable_progress_bars()
tqdm.tqdm.monitor_interval = 0
