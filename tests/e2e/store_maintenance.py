#!/usr/bin/env python3
"""store_maintenance.py AGGREGATE WIREROOM: retention, backups, checks and a long reader while pages come in"""
import datetime, os, sqlite3, subprocess, sys, tempfile, threading, time
import msgpack

AGGREGATE, WIREROOM = sys.argv[1:3]
PAGES = 1600
TODAY = datetime.date.today()


def check(what, good):
    if not good:
        sys.exit("store_maintenance.py: failed: " + what)


def day_of(i):
    """Every second page is from long ago, the others from the last days."""
    return "2019-05-%02d" % (1 + i % 28) if i % 2 else str(TODAY - datetime.timedelta(days=i // 2 % 5))


def page(i):
    text = " ".join("Ferry %d of line %d is late again at pier %d." % (i, i * k % 97, k) for k in range(60))
    name = "Ada Moor%d" % (i % 50)
    text = name + " waits. " + text
    entity = {"name": name, "type": "PER", "confidence": 0.9, "mentions": [{"start": 0, "end": len(name)}]}
    return msgpack.packb({"id": "%032x" % (i * 9999991 + 1), "file": "f%d" % i, "articles": [
        {"title": "Ferry %d" % i, "text": text, "published": day_of(i), "entities": [entity],
         "paras": [{"start": 0, "end": len(text), "kind": "paragraph"}]}]})


def aggregate(store, *options):
    return subprocess.Popen([AGGREGATE, "--store", store, "--no-stream", "--in", "-", "--out", "-", "--commit-pages",
                             "20", "--log-level", "error", *options], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)


def run(*words):
    done = subprocess.run([WIREROOM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check("%s: exit %d, %s" % (" ".join(words), done.returncode, (done.stdout + done.stderr).decode()), done.returncode == 0)
    return done.stdout.decode()


def number(store, sql):
    db = sqlite3.connect(store)
    n = db.execute(sql).fetchone()[0]
    db.close()
    return n


def begun(store):
    try:
        return os.path.exists(store) and number(store, "SELECT count(*) FROM articles") > 0
    except sqlite3.OperationalError:    # no schema yet
        return False


class Feeder(threading.Thread):
    """Writes pages; stops in the middle until it is told to go on."""

    def __init__(self, process):
        super().__init__()
        self.process, self.half, self.go_on = process, threading.Event(), threading.Event()

    def run(self):
        for i in range(PAGES):
            if i == PAGES // 2:
                self.process.stdin.flush()
                self.half.set()
                self.go_on.wait()
            self.process.stdin.write(page(i))
        self.process.stdin.close()


def look_after(store, folder, n):
    """What may be done beside the writer."""
    copy = "%s/copy%d.db" % (folder, n)
    run("store", "backup", copy, "--store", store)
    run("store", "check", "--store", copy)
    run("store", "check", "--store", store)
    check("a backup is one state", number(copy, "SELECT count(*) FROM articles") ==
          number(copy, "SELECT sum(n_articles) FROM days"))
    run("query", "search", "ferry", "--store", store)


def long_reader(store, folder, feeder):
    """A transaction that stays open sees its state; the writer goes on, and the log begins anew afterwards."""
    reader = sqlite3.connect(store, isolation_level=None)
    reader.execute("BEGIN")
    seen = reader.execute("SELECT count(*), sum(length(text)) FROM texts").fetchone()
    feeder.go_on.set()
    for n in range(4):
        look_after(store, folder, n)
    feeder.join()
    check("the writer goes on", feeder.process.wait(120) == 0)
    check("the reader sees its state", seen == reader.execute("SELECT count(*), sum(length(text)) FROM texts").fetchone())
    check("the log waits for it", os.path.getsize(store + "-wal") > 0)
    reader.execute("COMMIT")
    reader.close()


def main():
    with tempfile.TemporaryDirectory(prefix="wr-maintenance-") as folder:
        store = folder + "/s.db"
        process = aggregate(store, "--keep", "30d")
        feeder = Feeder(process)
        feeder.start()
        feeder.half.wait()
        while not begun(store):
            time.sleep(0.02)
        long_reader(store, folder, feeder)
        last = aggregate(store, "--keep", "30d")
        last.stdin.write(page(0))   # known: it only makes a commit, in which the rest of the old goes
        last.stdin.close()
        check("once more", last.wait(60) == 0)
        run("store", "forget", str(TODAY - datetime.timedelta(days=30)), "--store", store)
        check("the old is gone", number(store, "SELECT count(*) FROM articles") == PAGES // 2)
        check("with its counts", number(store, "SELECT sum(n_articles) FROM days") == PAGES // 2 and
              number(store, "SELECT sum(n_articles) FROM entity_days") == PAGES // 2)
        before = os.path.getsize(store)
        run("store", "tidy", "--store", store)
        check("room goes back", os.path.getsize(store) <= before and number(store, "PRAGMA freelist_count") == 0)
        check("and the log is empty", not os.path.exists(store + "-wal") or os.path.getsize(store + "-wal") == 0)
        run("store", "check", "--store", store)
    print("store maintenance: passed")


main()
