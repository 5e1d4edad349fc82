"""room.py -- a wireroom in a temporary directory: start, kill, ask, wait; for the end-to-end tests"""
import argparse, json, os, shutil, signal, sqlite3, subprocess, sys, tempfile, time

SKIP = 77


class Failed(Exception):
    pass


def check(condition, text):
    if not condition:
        raise Failed(text)


def wait_for(what, condition, seconds=30):
    """Polls until the condition gives something true; what it gave."""
    end = time.monotonic() + seconds
    while True:
        got = condition()
        if got:
            return got
        if time.monotonic() > end:
            raise Failed(f"not within {seconds} s: {what}")
        time.sleep(0.01)


class Room:
    """A directory with a drop directory, a store and a line of its own."""

    def __init__(self, build, chain="aggregate"):
        self.stages = os.path.join(build, "stages")
        self.wireroom = os.path.join(self.stages, "wireroom")
        self.top = tempfile.mkdtemp(prefix="wr")
        os.chmod(self.top, 0o755)
        self.drop = os.path.join(self.top, "drop")
        os.mkdir(self.drop)
        self.store = os.path.join(self.top, "store.db")
        self.state = self.store + ".state"
        self.line = "ipc://" + os.path.join(self.top, "line")
        self.chain = chain
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("WIREROOM_")}
        self.env.update(XDG_CONFIG_HOME=self.top, HOME=self.top)
        self.process = None
        self.log = os.path.join(self.top, "log")

    def command(self, *words, dirs=None):
        return [self.wireroom, "run", *(dirs or [self.drop]), "--store", self.store, "--line", self.line,
                "--chain", self.chain, *words]

    def reachable_by(self, user):
        """The programs where that user can start them: root's checkout may be closed to others."""
        probe = subprocess.run(["test", "-x", self.wireroom], user=user)
        if user is None or probe.returncode == 0:
            return
        own = os.path.join(self.top, "programs")
        os.makedirs(own, exist_ok=True)
        for name in os.listdir(self.stages):
            if name.split("-")[0] == "wireroom" and os.path.isfile(os.path.join(self.stages, name)):
                shutil.copy(os.path.join(self.stages, name), own)
        self.stages, self.wireroom = own, os.path.join(own, "wireroom")

    def start(self, *words, dirs=None, user=None):
        self.reachable_by(user)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command(*words, dirs=dirs), env=self.env, cwd=self.top,
                                            stdout=log, stderr=log, user=user)
        wait_for("the line answers", lambda: self.ask("status").returncode in (0, 1))
        return self

    def ask(self, name, *words, **more):
        """One of the commands that ask a running line."""
        more.setdefault("timeout", 60)
        return subprocess.run([self.wireroom, name, "--line", self.line, *words], env=self.env,
                              cwd=self.top, capture_output=True, **more)

    def once(self, *words, dirs=None, **more):
        self.reachable_by(more.get("user"))
        run = [self.wireroom, "run", "--once", *(dirs or [self.drop]), "--store", self.store, "--chain",
               self.chain, *words]
        return subprocess.run(run, env=self.env, cwd=self.top, capture_output=True, timeout=120, **more)

    def end(self):
        """SIGTERM and the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def pids(self, name):
        """The processes of a child: 'ingest', 'hub', 'tag'."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                stat = open(f"/proc/{pid}/stat").read()
                words = open(f"/proc/{pid}/cmdline", "rb").read().split(b"\0")
            except OSError:
                continue
            parent = int(stat.rsplit(")", 1)[1].split()[1])
            own = self.process and parent == self.process.pid
            if own and os.path.basename(words[0]).decode() == "wireroom-" + name:
                found.append(int(pid))
        return found

    def signal(self, name, number):
        for pid in self.pids(name):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def put(self, name, data, where=None):
        """Writes a file in the drop directory the way a shell does; its path."""
        path = os.path.join(os.fsencode(where or self.drop), os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
        return path

    def rows(self, sql, *values):
        if not os.path.exists(self.store):
            return []
        db = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
        try:
            return db.execute(sql, values).fetchall()
        except sqlite3.OperationalError:
            return []
        finally:
            db.close()

    def pages(self):
        got = self.rows("SELECT count(*) FROM pages")
        return got[0][0] if got else 0

    def paths(self):
        """Every (path, record) a page was seen at."""
        return sorted(self.rows("SELECT path, record FROM sightings"))

    def names(self, where):
        """Files below .wireroom/WHERE, relative, as bytes."""
        top = os.fsencode(os.path.join(self.drop, ".wireroom", where))
        return sorted(os.path.relpath(os.path.join(d, f), top) for d, _, files in os.walk(top) for f in files)

    def tail(self):
        try:
            return open(self.log, errors="replace").read()[-3000:]
        except OSError:
            return ""

    def close(self):
        if self.process and self.process.poll() is None:
            self.kill()
        for d, _, _ in os.walk(self.top):
            os.chmod(d, 0o755)
        shutil.rmtree(self.top, ignore_errors=True)


def main(cases, description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("case", choices=sorted(cases))
    parser.add_argument("--build", required=True, help="the build directory")
    parser.add_argument("--keep", action="store_true", help="keep the directory of a failed case")
    options = parser.parse_args()
    room = Room(os.path.abspath(options.build))
    try:
        code = cases[options.case](room) or 0
        print(f"{options.case}: {'skipped' if code == SKIP else 'passed'}")
    except (Failed, subprocess.TimeoutExpired) as e:
        print(f"{options.case}: {e}\n{room.tail()}")
        code = 1
    if options.keep and code == 1:
        print(f"kept: {room.top}")
        if room.process and room.process.poll() is None:
            room.kill()
    else:
        room.close()
    sys.exit(code)
