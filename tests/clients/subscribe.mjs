// subscribe.mjs PUBLISH REPLAY TOPIC FROM: every message of the topic from number FROM on, exactly once and in order,
// as JSON lines. What the socket missed is asked for. Needs zeromq (6) and @msgpack/msgpack.
import { Request, Subscriber } from "zeromq"
import { decode, encode } from "@msgpack/msgpack"

const [publish, replay, topic, from] = process.argv.slice(2)
const live = new Subscriber(), ask = new Request({ relaxed: true, correlate: true, receiveTimeout: 3000 })
let done = Number(from) - 1, count = 0
live.connect(publish)
ask.connect(replay)
live.subscribe(topic, "sys/")

function show(message) {
  done = message.seq + (message.span ?? 1) - 1
  count = message.n ?? 0
  console.log(JSON.stringify(message))
}

async function catchUp() {
  for (let end = { next: 0, last: 0 }; end.next <= end.last; done = Math.max(done, end.next - 1)) {
    await ask.send(encode({ from: done + 1, topic }))
    const frames = await ask.receive().catch(() => []) // ask again when the other side has ended meanwhile
    if (!frames.length) continue
    for (let i = 1; i < frames.length - 2; i += 2) show(decode(frames[i]))
    end = decode(frames.at(-1))
  }
}

await catchUp()
for await (const [name, body] of live) {
  const message = decode(body), sign = name.toString().startsWith("sys/") && "last" in message
  if (sign ? message.last <= done : message.seq <= done) continue
  if (!sign && (message.seq === done + 1 || message.n === count + 1)) show(message)
  else await catchUp()
}
