#!/usr/bin/env python3
"""store_faults.py AGGREGATE WIREROOM: the store under a full disk, a lock, no permission, damage, power cuts.

A small file system is made with `unshare -rm` and tmpfs where that is allowed; else that part is skipped and
said so."""
import os, pwd, shutil, sqlite3, subprocess, sys, tempfile, threading, time
import msgpack

AGGREGATE, WIREROOM = (os.path.abspath(p) for p in sys.argv[1:3])


def check(what, good):
    if not good:
        sys.exit("store_faults.py: failed: " + what)


def page(i, size=3000):
    text = ("Harbour number %d stays open. " % i) * (size // 30)
    return msgpack.packb({"id": "%032x" % (i * 7777 + 1), "file": "f%d" % i, "articles": [
        {"title": "T%d" % i, "text": text, "paras": [{"start": 0, "end": len(text), "kind": "paragraph"}]}]})


def nobody(folder):
    """Root may write everywhere: who it is then; None when this is not root."""
    if os.geteuid() != 0:
        return None
    os.chmod(folder, 0o755)
    return pwd.getpwnam("nobody").pw_uid


def start(store, *options, user=None):
    if user is not None and not reachable(AGGREGATE, user):
        own = os.path.dirname(os.path.dirname(store)) + "/aggregate"
        shutil.copy(AGGREGATE, own)
        return start_program(own, store, options, user)
    return start_program(AGGREGATE, store, options, user)


def reachable(path, user):
    return subprocess.run(["test", "-x", path], user=user, group=user, extra_groups=[]).returncode == 0


def start_program(program, store, options, user):
    as_user = dict(user=user, group=user, extra_groups=[]) if user is not None else {}
    return subprocess.Popen([program, "--store", store, "--no-stream", "--in", "-", "--out", "-", *options],
                            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **as_user)


def feed(process, numbers):
    try:
        for i in numbers:
            process.stdin.write(page(i))
        process.stdin.close()
    except BrokenPipeError:
        pass
    log = process.stderr.read().decode()
    return process.wait(60), log


def count(store):
    db = sqlite3.connect(store)
    n = db.execute("SELECT count(*) FROM pages").fetchone()[0]
    db.close()
    return n


def whole(store):
    done = subprocess.run([WIREROOM, "store", "check", "--store", store], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    check("the store is whole: " + done.stdout.decode(), done.returncode == 0)


def locked(folder):
    store = folder + "/locked.db"
    check("fill", feed(start(store), range(10))[0] == 0)
    other = sqlite3.connect(store, isolation_level=None, timeout=20)
    other.execute("BEGIN IMMEDIATE")    # somebody else writes to it
    process = start(store)
    process.stdin.write(page(30))
    process.stdin.close()
    try:
        process.wait(1)
        check("it waits", False)
    except subprocess.TimeoutExpired:
        other.execute("ROLLBACK")
    check("and goes on", process.wait(20) == 0)
    process.stderr.close()
    other.close()
    check("nothing missing", count(store) == 11)
    whole(store)


def handed_over(folder):
    """A successor waits for the writer's end and goes on at once; both count each page once."""
    store = folder + "/handed.db"
    first = start(store, "--commit-pages", "1")
    for i in range(20):
        first.stdin.write(page(i))
    first.stdin.flush()
    for _ in range(2000):
        if os.path.exists(store) and os.path.getsize(store + "-wal") and count(store) == 20:
            break
        time.sleep(0.01)
    second = start(store, "--take-over", "--duplicates", "64M")
    for i in range(10, 40):
        second.stdin.write(page(i, 600))    # they fit in the pipe
    second.stdin.close()
    third = start(store)        # no successor: it waits its turn as before
    third.stdin.close()
    time.sleep(0.3)
    check("it waits", second.poll() is None and third.poll() is None and count(store) == 20)
    check("the first ends", feed(first, range(5))[0] == 0)
    check("the second goes on", second.wait(20) == 0 and third.wait(20) == 0)
    for process in (second, third):
        process.stderr.close()
    check("nothing missing", count(store) == 40)
    whole(store)


def refused(folder):
    for name, make in (("text.db", lambda p: open(p, "w").write("no database, " * 100)),
                       ("foreign.db", lambda p: sqlite3.connect(p).execute("CREATE TABLE x(y)"))):
        make(folder + "/" + name)
        code, log = feed(start(folder + "/" + name), [1])
        check(name + ": exit %d" % code, code == 100 and name in log)
    os.mkdir(folder + "/ro", 0o555)
    for name in ("new.db", "old.db"):
        path = "%s/ro/%s" % (folder, name)
        if name == "old.db":
            os.chmod(folder + "/ro", 0o755)
            check("fill", feed(start(path), range(3))[0] == 0)
            os.chmod(folder + "/ro", 0o555)
        code, log = feed(start(path, user=nobody(folder)), [1])
        check("read-only directory, %s: exit %d, %s" % (name, code, log), code == 100 and "ro/" + name in log and
              "denied" in log)
        check("nothing was left there", sorted(os.listdir(folder + "/ro")) == [] or name == "old.db")
    check("untouched", count(folder + "/ro/old.db") == 3)


def damaged(folder):
    store = folder + "/damaged.db"
    feed(start(store), range(400))
    size = os.path.getsize(store)
    with open(store, "r+b") as f:      # every page from the second on
        for at in range(8192, size, 4096):
            f.seek(at)
            f.write(b"\xa5" * 512)
    code, log = feed(start(store), [900])
    check("damage: exit %d, %s" % (code, log), code in (100, 111) and "damaged.db" in log)
    done = subprocess.run([WIREROOM, "store", "check", "--store", store], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check("check tells", done.returncode != 0 and done.stdout + done.stderr)
    done = subprocess.run([WIREROOM, "query", "search", "harbour", "--store", store], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check("a question ends with a message", done.returncode == 100 and done.stderr)


def power_cuts(folder):
    """Copies of the files at random moments, log before database as a disk that reorders could leave them;
    what had been acknowledged before the copy began is in each."""
    store, acknowledged = folder + "/power.db", [0]
    process = subprocess.Popen([AGGREGATE, "--store", store, "--no-stream", "--in", "-", "--out", "-", "--commit-pages", "5",
                                "--log-level", "error"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def write():
        try:
            for i in range(3000):
                process.stdin.write(page(i, 600))
            process.stdin.close()
        except BrokenPipeError:
            pass
    writer = threading.Thread(target=write)
    writer.start()
    cuts = 0
    while cuts < 12 and process.poll() is None:
        if not os.path.exists(store + "-wal"):
            time.sleep(0.01)
            continue
        with sqlite3.connect("file:%s?mode=ro" % store, uri=True) as db:
            try:
                known = db.execute("SELECT count(*) FROM pages").fetchone()[0]
            except sqlite3.OperationalError:    # the very first moment: no schema yet
                continue
        db.close()
        if os.path.getsize(store + "-wal") > 24 << 20:
            break
        cut = "%s/cut%d.db" % (folder, cuts)
        shutil.copy(store, cut)             # the log is copied after: it is never reset within 32 MiB
        shutil.copy(store + "-wal", cut + "-wal")
        check("acknowledged pages are in cut %d" % cuts, count(cut) >= known)
        whole(cut)
        cuts += 1
        time.sleep(0.03)
    process.kill()
    writer.join()
    process.wait()
    check("cuts were made", cuts > 0)
    code, _ = feed(start(store), range(3000))   # and after the kill it goes on, each page once
    check("after the kill", code == 0 and count(store) == 3000)
    whole(store)


def full_disk(folder):
    """Run inside a name space of its own, on a tmpfs of 2 MB."""
    small = folder + "/small"
    os.mkdir(small)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small], stderr=subprocess.DEVNULL).returncode:
        return print("full disk: skipped, no tmpfs may be mounted here")
    store = small + "/s.db"
    code, log = feed(start(store, "--commit-pages", "20"), range(2000))
    check("full: exit %d" % code, code == 111 and "full" in log and store in log)
    before = count(store)
    whole(store)
    subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
    code, log = feed(start(store), range(2000))
    check("with room again: %d %s" % (code, log[-300:]), code == 0 and count(store) == 2000 and before < 2000)
    whole(store)
    subprocess.run(["umount", "-l", small], check=True)


def read_only(folder):
    """Run there too: a file system that is read-only, for root as well."""
    place = folder + "/fixed"
    os.mkdir(place)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], stderr=subprocess.DEVNULL).returncode:
        return print("read-only file system: skipped, no tmpfs may be mounted here")
    store = place + "/s.db"
    check("fill", feed(start(store), range(10))[0] == 0)
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)
    code, log = feed(start(store), [20])
    check("read-only: exit %d, %s" % (code, log), code == 100 and store in log and "Read-only file system" in log)
    whole(store)        # it can be read
    subprocess.run(["mount", "-o", "remount,rw", place], check=True)
    check("and again", feed(start(store), [20])[0] == 0 and count(store) == 11)
    subprocess.run(["umount", "-l", place], check=True)


def main():
    with tempfile.TemporaryDirectory(prefix="wr-faults-") as folder:
        if len(sys.argv) > 3:
            full_disk(folder)
            return read_only(folder)
        locked(folder)
        handed_over(folder)
        refused(folder)
        damaged(folder)
        power_cuts(folder)
    inner = subprocess.run(["unshare", "-rm", sys.executable, os.path.abspath(__file__), AGGREGATE, WIREROOM, "mounts"],
                           stderr=subprocess.PIPE)
    if inner.returncode and b"unshare" in inner.stderr:
        print("full disk, read-only file system: skipped, no name spaces here")
    else:
        sys.stderr.write(inner.stderr.decode())
        check("full disk, read-only file system", inner.returncode == 0)
    print("store faults: passed")


main()
