/** Frames and codes out of the tests of peers, and frames of real spacecraft: fixtures/framing/framing-peers.json. */
import t from 'tap'
import { bchDecode, bchParity } from '../../../protocol/coding/bch.ts'
import { crc16 } from '../../../protocol/coding/crc16.ts'
import { randomizeTc } from '../../../protocol/coding/randomizer.ts'
import { decodeAosFrame, encodeAosFrame } from '../../../protocol/frame/aos.ts'
import { CltuDecoder, encodeCltu } from '../../../protocol/frame/cltu.ts'
import { downlinkFormat } from '../../../protocol/frame/link.ts'
import { decodeTmFrame, encodeTmFrame } from '../../../protocol/frame/tm.ts'
import { type FramingVector, peerVectors } from '../../kit/framing.ts'
import { fromHex, toHex } from '../../kit/hex.ts'

t.test('the TC randomizer, the FECF and BCH blocks are those of peers', async t => {
  for (const { input, output, name } of peerVectors('randomizer_tc_')) {
    const octets = fromHex(input)
    randomizeTc(octets)
    t.equal(toHex(octets), output, name)
  }
  for (const { input, output, name } of peerVectors('fecf_'))
    t.equal(crc16(fromHex(input)).toString(16), output, name)
  for (const { input, output, name } of peerVectors('bch63_56_')) {
    t.equal(input + bchParity(fromHex(input), 0).toString(16).padStart(2, '0'), output, name)
    t.equal(bchDecode(fromHex(output), 0), 0, name)
  }
})

t.test('CLTUs of peers are made and heard', async t => {
  for (const { input, output, name } of peerVectors('cltu_')) {
    t.equal(toHex(encodeCltu(fromHex(input), { randomized: false })), output, name)
    const cltus = new CltuDecoder({ randomized: false })
    cltus.push(fromHex(output))
    t.ok(toHex(cltus.next() ?? new Uint8Array(0)).startsWith(input), name)
  }
})

interface Header {
  readonly scid: number
  readonly vcid: number
  readonly vc: number
  readonly fhp: number
}

t.test('AOS frames of a peer and of spacecraft are read, and written the same again', async t => {
  for (const { name, output, params } of aosVectors()) {
    const octets = fromHex(output)
    const fecf = params['fecf_ok'] === true
    const format = { frameOctets: octets.length, fhec: false, insertOctets: 0, ocf: false, fecf }
    const frame = decodeAosFrame(octets, format)
    if (frame.kind === 'malformed') throw new Error(`${name}: ${frame.why}`)
    const { scid, vcid, vc } = params['hdr'] as Header
    t.match(frame, { spacecraftId: scid, virtualChannel: vcid, channelCount: vc }, name)
    t.equal(toHex(encodeAosFrame(frame, format)), output, name)
  }
})

function aosVectors(): readonly FramingVector[] {
  const real = peerVectors('real_').filter(({ params }) => params['type'] === 'aos')
  return [...peerVectors('aos_frame_'), ...real]
}

t.test('TM frames of a peer and of a spacecraft are read, and written the same again', async t => {
  const real = peerVectors('real_').filter(({ params }) => params['type'] === 'tm')
  for (const { name, output, params } of [...peerVectors('tm_frame_'), ...real]) {
    const octets = fromHex(output)
    const about = (params['hdr'] ?? params) as Header
    const format = downlinkFormat({
      interleave: 0,
      spacecraftId: about.scid,
      frameOctets: octets.length,
      fecf: params['fecf_ok'] === true,
    })
    const frame = decodeTmFrame(octets, format)
    if (frame.kind === 'malformed') throw new Error(`${name}: ${frame.why}`)
    t.match(frame, {
      spacecraftId: about.scid,
      virtualChannel: about.vcid ?? frame.virtualChannel,
      // The peer counts it from the start of the frame.
      firstHeader: params['hdr'] === undefined ? about.fhp - 6 : about.fhp,
    })
    if (params['ocf'] !== undefined)
      t.equal(frame.ocf, Number.parseInt(params['ocf'] as string, 16), name)
    t.equal(toHex(encodeTmFrame(frame, format)), output, name)
  }
})
