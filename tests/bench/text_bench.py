"""text_bench -- what the bench scripts of common/text share: documents of the data directory through bench_text"""
import glob
import gzip
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "eval"))
import text_records as tr  # noqa: E402


def news(args, most=400):
    """Paths of documents: the plain-text pages of extraction/text, else paragraphs of sbd joined to 8 KB."""
    texts, out = [], []
    for path in sorted(glob.glob(os.path.join(args.data, "extraction", "text", "*.jsonl*"))):
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as f:
            for row in map(json.loads, f):
                lines = row.get("lines")
                if len(texts) < most and isinstance(lines, list):
                    texts.append("\n".join(lines))
    doc = ""
    for path in [] if texts else sorted(glob.glob(os.path.join(args.cleanup, "sbd", "*.json"))):
        with open(path, encoding="utf-8") as f:
            for p in json.load(f):
                doc += p["text"] + "\n\n"
                if len(doc) > 8000:
                    texts.append(doc)
                    doc = ""
    folder = tempfile.TemporaryDirectory(prefix="wireroom-")
    tr.unpacked.kept.append(folder)
    for text in texts:
        out.append(os.path.join(folder.name, f"{len(out)}.txt"))
        with open(out[-1], "wb") as f:
            f.write(text.encode("utf-8", "replace"))
    if not out:
        sys.exit(f"no texts in {args.data}")
    raw = [open(p, "rb").read() for p in out]
    high = sum(sum(b > 127 for b in r) for r in raw)
    print(f"{len(out)} documents, {sum(map(len, raw)) / 1e6:.1f} MB, {100 * high / sum(map(len, raw)):.1f} % not ASCII")
    return out


def run(args, what, paths, prefix=""):
    """MB/s by name."""
    program = os.path.join(args.build, "tests", "bench_text")
    done = subprocess.run([program, what, *paths], stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"{program} {what} failed with {done.returncode}")
    figures = {}
    for line in done.stdout.decode().splitlines():
        name, value = line.split()
        print(f"{what} {prefix}{name}: {value} MB/s")
        figures[prefix + name + "_mb_s"] = float(value)
    return figures
