import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import t from 'tap'
import { aesGcm } from '../../hal/aes-gcm.ts'
import { fromHex, toHex } from '../kit/hex.ts'

interface Case {
  readonly key: string
  readonly iv: string
  readonly associated: string
  readonly plain: string
  readonly sealed: string
}

const CASES = JSON.parse(readFileSync('fixtures/sdls/gcm.json', 'utf8')) as readonly Case[]

t.test('aesGcm() seals and opens as published', async t => {
  for (const { key, iv, associated, plain, sealed } of CASES) {
    const aead = aesGcm(fromHex(key))
    t.equal(toHex(aead.seal(fromHex(iv), fromHex(associated), fromHex(plain))), sealed)
    const opened = aead.open(fromHex(iv), fromHex(associated), fromHex(sealed))
    t.strictSame(opened, fromHex(plain))
    t.equal(aead.open(fromHex(iv), Uint8Array.of(1), fromHex(sealed)), undefined)
    const wrong = fromHex(sealed)
    wrong[wrong.length - 1]! ^= 1
    t.equal(aead.open(fromHex(iv), fromHex(associated), wrong), undefined)
  }
})

t.test('the key of aesGcm() is in no text that is made of it', async t => {
  const key = new Uint8Array(32).fill(0xa5)
  const aead = aesGcm(key)
  for (const text of [inspect(aead, { depth: 9, showHidden: true }), JSON.stringify(aead)])
    t.notMatch(text, /a5a5|165, ?165/)
})
