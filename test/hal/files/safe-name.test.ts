import t from 'tap'
import { safeName } from '../../../hal/files/safe-name.ts'

const octets = (name: string) => new TextEncoder().encode(name)

t.test('safeName() lets plain names through', async t => {
  for (const name of [
    'a',
    'image.tif',
    'pass 12/IMG_0001.jp2',
    '2026-11-22T03:29:24Z.dat',
    'naïve/雨.txt',
    'console.log',
    'com10',
    'null',
    'a..b',
    'a.',
    '~root',
    '$(rm)',
    `${'x'.repeat(255)}/${'é'.repeat(127)}`,
  ])
    t.equal(safeName(octets(name)), name)
})

t.test('safeName() refuses what leads out, hides, or means something elsewhere', async t => {
  for (const name of [
    '',
    '/',
    '/etc/passwd',
    '..',
    '.',
    'a/../b',
    '../a',
    'a/..',
    'a//b',
    'a/',
    '.hidden',
    'a/.hidden',
    '.partial/1-1.part',
    'nul\0l',
    'line\nfeed',
    'esc\x1b[2J',
    'del\x7f',
    'c1\x85',
    'a\\b',
    '..\\a',
    'C:',
    'c:/windows',
    'D:evil',
    'CON',
    'con.txt',
    'a/AUX',
    'NUL .txt',
    'lpt1',
    'COM¹.dat',
    'CONIN$',
    'prn:x',
    'txt.\u202eexe',
    '\ufeffname',
    'x'.repeat(256),
    'é'.repeat(128),
    'x/'.repeat(600) + 'x',
  ])
    t.equal(safeName(octets(name)), undefined, JSON.stringify(name.slice(0, 20)))
  t.equal(safeName(Uint8Array.of(0x61, 0xff)), undefined, 'no UTF-8')
  t.equal(safeName(Uint8Array.of(0xc0, 0xaf)), undefined, 'overlong')
  t.equal(safeName(Uint8Array.of(0xed, 0xa0, 0x80)), undefined, 'a surrogate')
})
