import t from 'tap'
import { decodeClcw, encodeClcw } from '../../../protocol/frame/clcw.ts'
import { framingVectors } from '../../kit/framing.ts'
import { Random } from '../../kit/random.ts'

t.test('encodeClcw() and decodeClcw() agree with words built by others', async t => {
  for (const { name, params, output } of framingVectors('clcw_')) {
    const clcw = {
      status: 0,
      cop: Number(params['cop']),
      virtualChannel: Number(params['vc']),
      noRf: params['no_rf'] === true,
      noBitLock: params['no_bit_lock'] === true,
      lockout: params['lockout'] === true,
      wait: params['wait'] === true,
      retransmit: params['retransmit'] === true,
      farmB: Number(params['farm_b']),
      report: Number(params['report']),
    }
    const word = Number.parseInt(output, 16)
    t.equal(encodeClcw(clcw), word, name)
    t.strictSame(decodeClcw(word), clcw, name)
  }
})

t.test('decodeClcw() knows a CLCW from another report', async t => {
  t.equal(decodeClcw(0x80000000), undefined, 'type 2')
  t.equal(decodeClcw(0x20000000), undefined, 'version 1')
  t.equal(decodeClcw(0xffffffff), undefined)
})

t.test('encodeClcw() gives back every CLCW, spare bits aside', async t => {
  const random = new Random(232)
  for (let i = 0; i < 1000; i++) {
    const word = (random.word() & 0x1ffcfeff) >>> 0
    const clcw = decodeClcw(word)
    t.equal(clcw === undefined ? -1 : encodeClcw(clcw), word)
  }
})
