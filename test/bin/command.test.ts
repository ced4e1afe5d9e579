import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { command } from '../../bin/command.ts'
import { housekeepingRows } from '../../bin/housekeeping-lines.ts'
import { someHousekeeping } from '../kit/housekeeping.ts'
import { STATION } from './pass/statuses.ts'

t.test('command() executes aboard: 0, or tells why not: 1', async t => {
  const aboard = await served(t, { state: 'executed' })
  t.equal(await command(['freeze', '--socket', aboard.socket]), 0)
  t.equal(await command(['set', 'cfdp.ackMs', '500', '--json', '--socket', aboard.socket]), 0)
  t.equal(await command(['cancel', '--sequence', '7', '--wait', '--socket', aboard.socket]), 0)
  const rate = ['set', 'downlink.rateBps', '9600', '--modem', '2']
  t.equal(await command([...rate, '--socket', aboard.socket]), 0)
  t.strictSame(aboard.asked, [
    { verb: 'freeze' },
    { verb: 'set', parameter: 'cfdp.ackMs', value: 500 },
    { verb: 'cancel', sequence: 7 },
    { verb: 'set', parameter: 'downlink.rateBps', value: 9_600, modem: 2 },
  ])
  const refusing = await served(t, { error: 'Cannot recover' }, 409)
  t.equal(await command(['recover', '--socket', refusing.socket]), 1)
})

t.test('command() --wait asks a station what became of it', async t => {
  const waiting = { counter: 5, command: 'noop', state: 'waiting' }
  const outcomes = [
    [0, [[waiting], [{ ...waiting, state: 'executed' }]]],
    [1, [[{ ...waiting, state: 'refused', why: 'no' }]]],
    [1, [[]]],
  ] as const
  for (const [code, orders] of outcomes) {
    const station = await served(t, { state: 'waiting', counter: 5 }, 200, orders)
    t.equal(await command(['noop', '--wait', '--socket', station.socket]), code)
  }
})

t.test('command() says when nobody answers: 3, and what is typed wrong', async t => {
  t.equal(await command(['noop', '--socket', join(t.testdir(), 'none')]), 3)
  t.equal(await command(['--help']), 0)
  await t.rejects(command(['explode', '--socket', 'x']), /one of noop/)
  await t.rejects(command(['cancel', '--socket', 'x']), /sequence number is needed/)
  await t.rejects(command(['set', 'cfdp.ackMs', 'much', '--socket', 'x']), /a whole number/)
  await t.rejects(command(['freeze', '7', '--socket', 'x']), /Cannot use 7 with freeze/)
  const purge = ['purge', '--sequence', '7', '--socket', 'x']
  await t.rejects(command(purge), /Cannot purge transaction 7: purge is not of one file/)
  const set = ['set', 'cfdp.ackMs', '500', '--sequence', '7', '--socket', 'x']
  await t.rejects(command(set), /Cannot use --sequence with set/)
  await t.rejects(
    command(['noop', '--modem', '1', '--socket', 'x']),
    /Cannot use --modem with noop: set takes it/,
  )
})

t.test('housekeepingRows() shows the spacecraft and its commands', async t => {
  t.strictSame(housekeepingRows(STATION), [])
  const orders = [
    { counter: 4, command: 'thaw', state: 'executed' },
    { counter: 5, command: 'cancel 3', state: 'refused', why: 'no such file' },
    { counter: 6, command: 'noop', state: 'waiting' },
  ] as const
  const report = {
    isFrozen: true,
    commandRefusal: 'no such file',
    lastVerb: 255,
  }
  const housekeeping = { ...someHousekeeping(report), ageMs: 4_000 }
  const rows = housekeepingRows({ ...STATION, orders, housekeeping }).map(row => row.join(' '))
  t.match(rows, [
    'commands 6 noop',
    'command 5 cancel 3 was refused: no such file',
    /aboard frozen, up 0 s.* 4 s ago/,
    /holds/,
    /no verb/,
    'rejected no such file',
  ])
  const nominal = {
    ...STATION,
    orders: orders.slice(0, 1),
    housekeeping: { ...housekeeping, ...someHousekeeping({ isSafe: true }) },
  }
  t.match(housekeepingRows(nominal).flat().join(' '), /thaw was executed .* safe mode/)
  const plain = { ...housekeeping, ...someHousekeeping() }
  t.match(
    housekeepingRows({ ...nominal, housekeeping: plain })
      .flat()
      .join(' '),
    /nominal/,
  )
})

/** An end that answers commands so, and the status with these orders, question by question. */
async function served(
  t: Test,
  answer: object,
  code = 200,
  orders: readonly (readonly object[])[] = [],
): Promise<{ socket: string; asked: unknown[] }> {
  const asked: unknown[] = []
  const left = [...orders]
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += String(chunk)
    })
    request.on('end', () => {
      const isCommand = request.url === '/command'
      if (isCommand) asked.push(JSON.parse(body))
      response.writeHead(isCommand ? code : 200, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify(isCommand ? answer : { ...STATION, orders: left.shift() }))
    })
  })
  const folder = mkdtempSync(join(tmpdir(), 'dp-'))
  const socket = join(folder, 's')
  await new Promise<void>(resolve => server.listen(socket, resolve))
  t.teardown(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })
  return { socket, asked }
}
