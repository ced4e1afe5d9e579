import t from 'tap'
import {
  type Command,
  commandOf,
  commandText,
  decodeCommand,
  encodeCommand,
} from '../../../protocol/command/command.ts'
import { PARAMETERS, valueFault } from '../../../protocol/command/parameters.ts'
import { hex } from '../../kit/hex.ts'

const VECTORS: readonly { command: Command; counter: number; octets: Uint8Array; text: string }[] =
  [
    { command: { verb: 'noop' }, counter: 1, octets: hex`01 00 00000001`, text: 'noop' },
    {
      command: { verb: 'suspend', sequence: 77 },
      counter: 2 ** 32 - 1,
      octets: hex`01 03 ffffffff 000000000000004d`,
      text: 'suspend 77',
    },
    {
      command: { verb: 'set', parameter: 'cfdp.ackMs', value: 3_000 },
      counter: 258,
      octets: hex`01 08 00000102 03 0000000000000bb8`,
      text: 'set cfdp.ackMs 3000',
    },
    {
      command: { verb: 'set', parameter: 'downlink.rateBps', value: 9_600, modem: 2 },
      counter: 3,
      octets: hex`01 08 00000003 00 0000000000002580 02`,
      text: 'set downlink.rateBps 9600 --modem 2',
    },
  ]

t.test('encodeCommand() and decodeCommand() have the same octets', async t => {
  for (const { command, counter, octets, text } of VECTORS) {
    t.strictSame(Uint8Array.from(encodeCommand(counter, command)), octets, text)
    t.strictSame(decodeCommand(octets), { kind: 'command', counter, command }, text)
    t.equal(commandText(command), text)
  }
})

t.test('decodeCommand() knows the counter of a command that it does not understand', async t => {
  const strange = {
    'a verb': hex`01 ff 00000007`,
    'octets that follow': hex`01 00 00000007 01`,
    'octets that lack': hex`01 05 00000007 00`,
    'a modem of another parameter': hex`01 08 00000007 03 0000000000000001 01`,
    'modem 0': hex`01 08 00000007 00 0000000000000001 00`,
    'modem 17': hex`01 08 00000007 00 0000000000000001 11`,
    'a parameter': hex`01 08 00000007 fe 0000000000000001`,
    'a sequence number over 2^53': hex`01 05 00000007 ffffffffffffffff`,
  }
  for (const [what, octets] of Object.entries(strange))
    t.strictSame(decodeCommand(octets), { kind: 'command', counter: 7, command: undefined }, what)
})

t.test('decodeCommand() refuses what is cut short and another version', async t => {
  for (let length = 0; length < 6; length++)
    t.match(decodeCommand(new Uint8Array(length)), { kind: 'malformed' })
  t.match(decodeCommand(hex`02 00 00000001`), { kind: 'malformed', why: /version 2/ })
})

t.test('commandOf() says what is needed', async t => {
  t.match(commandOf({ verb: 'explode' }), /one of noop, freeze, .* is needed/)
  t.match(commandOf(undefined), /"undefined"/)
  t.match(commandOf({ verb: 'cancel', sequence: 1.5 }), /Cannot cancel: a transaction/)
  t.match(commandOf({ verb: 'freeze', sequence: 7 }), /Cannot freeze transaction 7: freeze is not/)
  t.match(commandOf({ verb: 'set', parameter: 'colour', value: 1 }), /one of downlink.rateBps/)
  t.match(commandOf({ verb: 'set', parameter: 'cfdp.ackMs', value: -1 }), /a whole number/)
  t.match(
    commandOf({ verb: 'set', parameter: 'cfdp.ackMs', value: 1, modem: 1 }),
    /Cannot set cfdp\.ackMs of modem 1: downlink\.rateBps of 1 to 16 is needed/,
  )
})

t.test('valueFault() keeps each parameter in its bounds', async t => {
  for (const { name, least, most } of PARAMETERS) {
    for (const value of [least, most]) t.equal(valueFault(name, value), undefined, name)
    for (const value of [least - 1, most + 1, 0.5])
      t.match(valueFault(name, value), new RegExp(`Cannot set ${name}`))
  }
})
