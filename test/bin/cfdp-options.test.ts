import t from 'tap'
import { ENTITY_OPTIONS, remoteOf } from '../../bin/cfdp/options.ts'
import { faultHandlers } from '../../bin/cfdp/procedure-options.ts'
import { PUT_OPTIONS, putOf } from '../../bin/cfdp/put-options.ts'
import { readCommandLine } from '../../bin/options.ts'
import { CONDITION } from '../../protocol/cfdp/condition.ts'
import { remoteEntity } from '../../protocol/cfdp/remote.ts'

t.test('the options say how an end asks, waits, judges and ends', async t => {
  const { receiving } = remote('--nak', 'deferred', '--reorder', '2s', '--hold-off', '3s')
  t.match(receiving, { nakMode: 'deferred', reorderMs: 2_000, holdOffMs: 3_000 })
  t.match(remote('--keep-alive', '5s', '--keep-alive-limit', '64k', '--again-max', '3'), {
    receiving: { keepAliveMs: 5_000 },
    sending: { keepAliveOctetsMax: 64_000, againRatioMax: 3 },
  })
  t.match(remote('--verify', 'stream', '--open-octets', '1M'), {
    verify: 'stream',
    limits: { openOctetsMax: 1_000_000 },
  })
  const handlers = { [CONDITION.fileChecksumFailure]: 'ignore', 8: 'abandon' }
  t.match(remote('--fault', 'checksum=ignore,inactivity=abandon'), {
    receiving: { faultHandlers: handlers },
    sending: { faultHandlers: handlers },
  })
})

t.test('what is not typed is as the library has it', async t => {
  const { verify, receiving } = remote()
  const usual = remoteEntity({ entity: 2 })
  t.equal(verify, usual.verify)
  t.match(receiving, { nakMode: usual.receiving.nakMode, reorderMs: usual.receiving.reorderMs })
})

t.test('faults and modes that are none are refused', async t => {
  const option = faultHandlers('')
  t.throws(() => option.read('checksum'), /"": one of cancel, suspend, ignore, abandon/)
  t.throws(() => option.read('checksum=ignore=cancel'), /such as checksum=ignore/)
  t.throws(() => option.read('sum=ignore'), /"sum": one of ack-limit/)
  t.throws(() => remote('--nak', 'never'), /--nak "never": one of immediate/)
})

t.test('putOf() is what a file takes with it', async t => {
  const put = (...args: string[]) => putOf(values(PUT_OPTIONS, args) as Parameters<typeof putOf>[0])
  t.strictSame(put(), {})
  t.strictSame(
    put('--records', '80', '--segment-metadata', 'm', '--flow-label', 'f', '--message', 'hi'),
    {
      records: 80,
      segmentMetadata: Uint8Array.of(0x6d),
      flowLabel: Uint8Array.of(0x66),
      messages: [Uint8Array.of(0x68, 0x69)],
    },
  )
  t.strictSame(put('--fault-there', 'size=ignore'), {
    faultHandlers: { [CONDITION.fileSizeError]: 'ignore' },
  })
  t.throws(() => put('--segment-metadata', 'x'.repeat(64)), /64 octets, 63 are possible/)
})

function remote(...args: string[]): ReturnType<typeof remoteOf> {
  return remoteOf(values(ENTITY_OPTIONS, args) as Parameters<typeof remoteOf>[0])
}

function values(options: typeof ENTITY_OPTIONS | typeof PUT_OPTIONS, args: readonly string[]) {
  const command = { synopsis: '', about: '', options, operands: [0, 0] } as const
  return readCommandLine(command, args)?.values
}
