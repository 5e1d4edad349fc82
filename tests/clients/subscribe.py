#!/usr/bin/env python3
"""subscribe.py PUBLISH REPLAY TOPIC FROM: every message of the topic from number FROM on, exactly once
and in order, as JSON lines. What the socket missed (a gap in n, or a sys/beat/ that is ahead) is asked
for. Needs pyzmq and msgpack."""
import json, sys
import msgpack, zmq

publish, replay, topic, done, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]) - 1, 0
context = zmq.Context()
live, ask = context.socket(zmq.SUB), context.socket(zmq.REQ)
live.connect(publish)
for option, value in ((zmq.REQ_RELAXED, 1), (zmq.REQ_CORRELATE, 1), (zmq.RCVTIMEO, 3000)):
    ask.set(option, value)  # ask again when the other side has ended meanwhile
ask.connect(replay)
live.subscribe(topic)
live.subscribe("sys/")


def show(message):
    global done, count
    done, count = message["seq"] + message.get("span", 1) - 1, message.get("n", 0)
    print(json.dumps(message, ensure_ascii=False), flush=True)


def catch_up():
    global done
    while True:
        ask.send(msgpack.packb({"from": done + 1, "topic": topic}))
        try:
            frames = ask.recv_multipart()
        except zmq.Again:
            continue
        for body in frames[1:-2:2]:
            show(msgpack.unpackb(body))
        end = msgpack.unpackb(frames[-1])
        done = max(done, end["next"] - 1)
        if end["next"] > end["last"]:
            return


catch_up()
while True:
    name, body = live.recv_multipart()
    message = msgpack.unpackb(body)
    if name.startswith(b"sys/") and "last" in message:
        if message["last"] > done:
            catch_up()
    elif message["seq"] > done:
        if message["seq"] == done + 1 or message.get("n") == count + 1:
            show(message)
        else:
            catch_up()
