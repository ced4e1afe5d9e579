import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type SourceEffect, SourceReader } from '../../hal/cfdp-peer/source-reader.ts'
import { Sources } from '../../hal/cfdp-peer/sources.ts'
import { CHECKSUM, FileChecksum } from '../../protocol/cfdp/checksum.ts'
import type { EntityInput } from '../../protocol/cfdp/entity/events.ts'
import { Random } from '../kit/random.ts'

const ID = { source: 1, sequence: 1 }
const checksumType = CHECKSUM.crc32c

t.test('SourceReader follows a file that grows, and digests it when that was all', async t => {
  const octets = new Random(1).octets(700_000)
  const file = join(t.testdir(), 'log')
  writeFileSync(file, octets.subarray(0, 1_000))
  const posted: EntityInput[] = []
  const reader = new SourceReader(
    new Sources(),
    async function* () {
      yield 1_000
      await answered(reader, { kind: 'read', id: ID, file, offset: 0, length: 1_000 })
      appendFileSync(file, octets.subarray(1_000))
      yield octets.length
      const first = { kind: 'digest first', id: ID, file, octets: 600_000, checksumType } as const
      await answered(reader, first)
    },
    input => {
      posted.push(input)
    },
  )
  await answered(reader, { kind: 'follow', id: ID, file, checksumType })
  t.match(posted, [
    { kind: 'grown', octets: 1_000 },
    { kind: 'read', octets: octets.slice(0, 1_000) },
    { kind: 'grown', octets: octets.length },
    { kind: 'digested first', checksum: checksumOf(octets.subarray(0, 600_000)) },
    { kind: 'digested', octets: octets.length, checksum: checksumOf(octets) },
  ])

  async function answered(on: SourceReader, effect: SourceEffect): Promise<void> {
    on.answer(effect)
    while (posted.at(-1)?.kind !== lastOf(effect)) await new Promise(setImmediate)
  }
})

t.test('SourceReader says why a file cannot be read', async t => {
  const posted: EntityInput[] = []
  const reader = new SourceReader(new Sources(), undefined, input => {
    posted.push(input)
  })
  const file = join(t.testdir(), 'nothing')
  reader.answer({ kind: 'follow', id: ID, file, checksumType })
  reader.answer({ kind: 'digest first', id: ID, file, octets: 1, checksumType })
  while (posted.length < 2) await new Promise(setImmediate)
  t.match(posted, [{ kind: 'source failed' }, { kind: 'source failed' }])
})

/** The kind of the last answer to it. */
function lastOf({ kind }: SourceEffect): EntityInput['kind'] {
  if (kind === 'read') return 'read'
  return kind === 'digest first' ? 'digested first' : 'digested'
}

function checksumOf(octets: Uint8Array): number {
  const checksum = new FileChecksum(checksumType)
  checksum.update(octets)
  return checksum.value
}
