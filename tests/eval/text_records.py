"""text_records -- what the eval scripts of common/text share: run eval_text, find the data"""
import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


def options(doc):
    """The parsed arguments: --data DIR (with cleanup/ in it or being it), --errors N, --build DIR."""
    ap = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--data", default=os.environ.get("WIREROOM_DATA") or os.path.join(TOP, "..", "shared", "data"),
                    help="directory laid out like ../shared/data")
    ap.add_argument("--tools", help="not used: this measure needs no scorer")
    ap.add_argument("--errors", type=int, default=0, help="print so many errors on standard error")
    ap.add_argument("--build", default=os.environ.get("WIREROOM_BUILD") or os.path.join(TOP, "build"))
    args = ap.parse_args()
    sub = os.path.join(args.data, "cleanup")
    args.cleanup = sub if os.path.isdir(sub) else args.data
    return args


def run(args, mode, records):
    """Sends each of `records` (bytes) through eval_text; the results as bytes."""
    program = os.path.join(args.build, "tests", "eval_text")
    data = b"".join(b"%d\n%s" % (len(r), r) for r in records)
    done = subprocess.run([program, mode], input=data, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"{program} {mode} failed with {done.returncode}")
    out, at, raw = [], 0, done.stdout
    while at < len(raw):
        end = raw.index(b"\n", at)
        n = int(raw[at:end])
        out.append(raw[end + 1:end + 1 + n])
        at = end + 1 + n
    if len(out) != len(records):
        sys.exit(f"{program} {mode}: {len(out)} results for {len(records)} records")
    return out


def find(args, *names):
    """The first of the paths under the cleanup folder that exists; ends the program when none does."""
    for name in names:
        path = os.path.join(args.cleanup, name)
        if os.path.exists(path):
            return path
    sys.exit(f"no {' or '.join(names)} in {args.cleanup}")


def unpacked(path):
    """The directory a tar archive was unpacked to; kept until the program ends."""
    folder = tempfile.TemporaryDirectory(prefix="wireroom-")
    with tarfile.open(path) as tar:
        tar.extractall(folder.name, filter="data") if hasattr(tarfile, "data_filter") else tar.extractall(folder.name)
    unpacked.kept.append(folder)
    return folder.name


unpacked.kept = []


def report(**figures):
    print(json.dumps(figures))
