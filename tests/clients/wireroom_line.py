"""A worker of a wireroom line in Python, written from include/wireroom/PROTOCOL.md alone.

    Worker("ipc:///run/wireroom", "mood", "0").run(work)

`work(page)` gets the page as a dict and returns it (changed in place or new), or raises Drop or Reject."""

import os
import random
import threading
import time

import msgpack
import zmq


class Drop(Exception):
    """The page ends here, without fault."""


class Reject(Exception):
    """The page ends here as failed."""


def endpoints(line):
    if line.startswith("ipc://"):
        return line.rstrip("/") + "/work.ipc", line.rstrip("/") + "/control.ipc"
    host, port = line.rsplit(":", 1)
    return line, f"{host}:{int(port) + 1}"


def dealer(context, endpoint, probe, keys=None):
    """keys: (own public, own secret, the hub's public), for a line over TCP."""
    socket = context.socket(zmq.DEALER)
    if keys:
        socket.curve_publickey, socket.curve_secretkey, socket.curve_serverkey = keys
    socket.set(zmq.LINGER, 0)
    socket.set(zmq.SNDHWM, 0)
    socket.set(zmq.RCVHWM, 0)
    socket.set(zmq.RECONNECT_IVL, 20)
    socket.set(zmq.RECONNECT_IVL_MAX, 500)
    if probe:
        socket.set(zmq.IMMEDIATE, 1)
        socket.set(zmq.PROBE_ROUTER, 1)
    socket.connect(endpoint)
    return socket


def header(name, *fields):
    return msgpack.packb([1, name, *fields])


class Worker:
    def __init__(self, line, stage, slot, credit=16, lease_ms=0, keys=None):
        self.stage, self.slot, self.credit, self.lease_ms, self.keys = stage, slot, credit, lease_ms, keys
        self.context = zmq.Context.instance()
        self.work_endpoint = endpoints(line)[0]
        self.socket = dealer(self.context, self.work_endpoint, True, keys)
        self.incarnation = random.getrandbits(64)
        self.session, self.beat, self.pages = 0, 0.25, 0
        self.draining = self.restart = False
        self.hello_at = time.monotonic()
        threading.Thread(target=self.beat_forever, daemon=True).start()

    def beat_forever(self):
        """PING on a connection of its own, so that long work does not look like death."""
        socket = dealer(self.context, self.work_endpoint, False, self.keys)
        while True:
            time.sleep(self.beat)
            if self.session:
                socket.send(header("PING", self.session, 0, 0, {"pages": self.pages}))
            while socket.poll(0):
                reply = msgpack.unpackb(socket.recv())
                if reply[1] == "WHO" and reply[3] == self.session:
                    self.session = 0

    def hello(self):
        self.hello_at = time.monotonic()
        self.send(header("HELLO", "worker", self.stage, self.slot, self.incarnation, os.getpid(), "python",
                         self.credit, self.lease_ms))

    def send(self, *frames):
        try:
            self.socket.send_multipart(frames, zmq.DONTWAIT)
        except zmq.Again:
            pass  # no hub: the lease is void with it

    def answer(self, session, ticket, payload, work):
        try:
            page = work(msgpack.unpackb(payload, strict_map_key=False))
            self.send(header("DONE", session, ticket), msgpack.packb(page))
        except Drop as why:
            self.send(header("FAIL", session, ticket, "drop", "filtered", str(why)))
        except Reject as why:
            self.send(header("FAIL", session, ticket, "reject", "unsupported", str(why)))
        except Exception as why:  # what cannot be read, or a fault of ours: not to be tried again
            self.send(header("FAIL", session, ticket, "reject", "malformed", repr(why)))
        self.pages += 1

    def take(self, frames, work):
        if not frames[0]:
            return True
        message = msgpack.unpackb(frames[0])
        name, fields = message[1], message[2:]
        if name == "WHO":
            if fields[1] not in (0, self.session):
                return True  # about a session that is over
            self.session = 0
            if self.draining:
                return False
            self.hello()
        elif name == "WELCOME":
            self.session, self.beat = fields[1], fields[2] / 1000
        elif name == "WORK" and self.session:
            self.answer(self.session, fields[0], frames[1], work)
        elif name == "DRAIN":
            self.draining, self.restart = True, len(fields) > 1 and fields[1] == 1
            self.send(header("BYE", self.session))
            return False
        elif name == "ERROR" and not self.session and fields[0] != "again":
            raise RuntimeError(f"refused: {fields}")
        return True

    def run(self, work):
        """Until the hub says DRAIN. Returns the exit code the supervisor understands. One thread answers pages
        in order, so nothing is in hand when DRAIN is read."""
        while True:
            if not self.session and time.monotonic() - self.hello_at > 0.3:
                self.hello()
            if self.socket.poll(100) and not self.take(self.socket.recv_multipart(), work):
                time.sleep(0.1)  # BYE goes out
                return 111 if self.restart else 0


class Control:
    def __init__(self, line, keys=None):
        self.socket = dealer(zmq.Context.instance(), endpoints(line)[1], False, keys)
        self.request = 0

    def call(self, *words, timeout=5.0):
        """(status, body)"""
        self.request += 1
        self.socket.send(header("CALL", self.request, list(words)))
        end = time.monotonic() + timeout
        while self.socket.poll(max(0, int((end - time.monotonic()) * 1000))):
            message = msgpack.unpackb(self.socket.recv_multipart()[0], strict_map_key=False)
            if message[1] == "REPLY" and message[2] == self.request:
                return message[3], message[4]
        raise TimeoutError(words)

    def tap(self, point, every=1):
        self.socket.send(header("TAP", point, every))

    def copy(self, timeout=5.0):
        """(seq, point, id, status, page or None)"""
        if not self.socket.poll(int(timeout * 1000)):
            raise TimeoutError
        frames = self.socket.recv_multipart()
        message = msgpack.unpackb(frames[0])
        page = msgpack.unpackb(frames[1], strict_map_key=False) if len(frames) > 1 else None
        return (*message[2:6], page)
