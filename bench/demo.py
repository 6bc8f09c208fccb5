"""Wall time and peak memory of the demo, its worker processes included."""

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "dibao", "demo", f"{folder}/demo", "--once"]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        peak = [0]
        watcher = threading.Thread(target=watch, args=(process, peak), daemon=True)
        watcher.start()
        process.wait()
        seconds = time.perf_counter() - start
        watcher.join()
    print(f"demo: {seconds:.1f} s wall, {peak[0] / 1024:.0f} MB at the peak (all its processes)")


def watch(process: subprocess.Popen[bytes], peak: list[int]) -> None:
    """Note the largest sum of the family's proportional memory, in kB."""
    while process.poll() is None:
        peak[0] = max(peak[0], sum(map(proportional, family(process.pid))))
        time.sleep(0.05)


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        threads = [p for p in Path(f"/proc/{pid}/task").iterdir() if p.name != str(pid)]
        for thread in threads:
            children += (thread / "children").read_text().split()
    except OSError:
        return []
    return [pid, *(below for child in children for below in family(int(child)))]


def proportional(pid: int) -> int:
    """Return the memory of a process in kB, pages shared by n processes counted as 1/n."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0
