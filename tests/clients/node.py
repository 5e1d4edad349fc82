#!/usr/bin/env python3
"""node.py AGGREGATE FOLDER: the Node client sees what a replay gives, once each and in order, over a restart of the
aggregate; and reads the fixtures. Its packages are installed into FOLDER; without node, npm or a registry: status 77."""
import json, os, shutil, subprocess, sys, tempfile, threading
import msgpack, zmq

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = ["zeromq@6", "@msgpack/msgpack@3"]


def skip(why):
    print("node: SKIPPED: " + why)
    sys.exit(77)


def install(folder):
    """The client stands beside its packages: that is where node looks for them."""
    if not shutil.which("node"):
        skip("no node")
    os.makedirs(folder, exist_ok=True)
    if not os.path.isdir(os.path.join(folder, "node_modules", "zeromq")):
        if not shutil.which("npm"):
            skip("no npm")
        done = subprocess.run(["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts",
                               "--no-save", *PACKAGES], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=150)
        if done.returncode:
            skip("npm install: " + done.stdout.decode()[-300:])
    for name in ("subscribe.mjs", "fixtures.mjs"):
        shutil.copy(os.path.join(HERE, name), folder)
    probe = subprocess.run(["node", "-e", "require('zeromq')"], cwd=folder, stderr=subprocess.PIPE)
    if probe.returncode:
        skip("zeromq does not load: " + probe.stderr.decode()[-300:])


def page(i):
    text = "Boat %d comes. Ada Moor said so." % i
    start = text.index("Ada Moor")
    return {"id": "%032x" % (i * 7919), "file": "p%d.txt" % i, "articles": [
        {"title": "Boat %d" % i, "text": text, "lang": "en", "url": "https://paper.example/%d" % i,
         "entities": [{"name": "Ada Moor", "type": "PER", "mentions": [{"start": start, "end": start + 8}]}]}]}


class Aggregate:
    def __init__(self, program, folder):
        self.publish, self.replay = ("ipc://%s/%s" % (folder, n) for n in ("publish.ipc", "replay.ipc"))
        self.process = subprocess.Popen([program, "--in", "-", "--out", "/dev/null", "--commit-pages", "1", "--log-level",
                                         "error", "--store", folder + "/s.db", "--publish", self.publish, "--replay",
                                         self.replay], stdin=subprocess.PIPE)

    def give(self, numbers):
        for i in numbers:
            self.process.stdin.write(msgpack.packb(page(i)))
        self.process.stdin.flush()

    def end(self):
        self.process.stdin.close()
        assert self.process.wait(30) == 0


def replay(address, topic):
    socket = zmq.Context.instance().socket(zmq.REQ)
    socket.connect(address)
    socket.send(msgpack.packb({"from": 1, "topic": topic}))
    assert socket.poll(10000)
    return [msgpack.unpackb(body) for body in socket.recv_multipart()[1:-2:2]]


def main():
    folder = os.path.abspath(sys.argv[2])
    install(folder)
    subprocess.run(["node", "fixtures.mjs", os.path.join(HERE, "fixtures")], cwd=folder, check=True, timeout=30)
    with tempfile.TemporaryDirectory(prefix="wr-node-") as room:
        aggregate = Aggregate(sys.argv[1], room)
        aggregate.give(range(1, 4))
        client = subprocess.Popen(["node", "subscribe.mjs", aggregate.publish, aggregate.replay, "article/", "1"],
                                  cwd=folder, stdout=subprocess.PIPE)
        guard = threading.Timer(60, client.kill)
        guard.start()
        got = [json.loads(client.stdout.readline()) for _ in range(3)]
        aggregate.give(range(4, 40))
        got += [json.loads(client.stdout.readline()) for _ in range(36)]
        aggregate.end()
        aggregate = Aggregate(sys.argv[1], room)
        aggregate.give(range(40, 60))
        got += [json.loads(client.stdout.readline()) for _ in range(20)]
        assert [m["title"] for m in got] == ["Boat %d" % i for i in range(1, 60)], got
        assert got == replay(aggregate.replay, "article/"), "not what a replay gives"
        guard.cancel()
        client.kill()
        client.wait()
        aggregate.end()
    print("node: passed")


main()
