// fixtures.mjs FIXTURES: the messages hold the values of fixtures.json, read with @msgpack/msgpack.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { decode } from "@msgpack/msgpack"

const folder = process.argv[2], wanted = JSON.parse(readFileSync(`${folder}/fixtures.json`, "utf8"))
for (const [name, value] of Object.entries(wanted))
  assert.deepEqual(decode(readFileSync(`${folder}/${name}.msgpack`)), value, name)
const { text, entities } = wanted.article
for (const { name, spans } of entities)
  for (const span of spans) {
    assert.equal([...text].slice(span.start, span.end).join(""), name)
    assert.equal(Buffer.from(text).subarray(span.byte_start, span.byte_end).toString(), name)
  }
console.log(`fixtures: ${Object.keys(wanted).length} messages passed`)
