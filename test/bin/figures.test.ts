import t from 'tap'
import {
  countdownText,
  countText,
  fittingText,
  octetsText,
  percentText,
  rateText,
} from '../../bin/figures.ts'

t.test('octetsText() and rateText() show three digits that matter', async t => {
  const octets = [0, 999, 1_000, 1_048_576, 12_345_678, 999_499, 999_500, 8_589_934_592, 5e15]
  t.strictSame(octets.map(octetsText), [
    '0 B',
    '999 B',
    '1.00 kB',
    '1.05 MB',
    '12.3 MB',
    '999 kB',
    '1.00 MB',
    '8.59 GB',
    '5000 TB',
  ])
  t.strictSame([9_600, 1_000_000, 912_345].map(rateText), [
    '9.60 kbit/s',
    '1.00 Mbit/s',
    '912 kbit/s',
  ])
})

t.test('countdownText() rounds up, so that 00:00 is now', async t => {
  t.strictSame([-5, 0, 1, 59_001, 750_000, 10_800_000].map(countdownText), [
    '00:00',
    '00:00',
    '00:01',
    '01:00',
    '12:30',
    '3:00:00',
  ])
})

t.test('percentText() rounds down, so that 100 % is all of it', async t => {
  t.equal(percentText(999, 1_000), '99 %')
  t.equal(percentText(1_000, 1_000), '100 %')
  t.equal(percentText(2, 1), '100 %')
  t.equal(percentText(0, 0), '100 %', 'an empty file')
})

t.test('fittingText() keeps both ends of a name', async t => {
  t.equal(fittingText('short.raw', 12), 'short.raw')
  t.equal(fittingText('image-2026-11-22T03-25.raw', 12), 'image-…5.raw')
  t.equal(fittingText('🌧🌧🌧🌧🌧', 3), '🌧…🌧')
  t.equal(fittingText('a\x1b[2J\u202eb', 12), 'a\ufffd[2J\ufffdb')
  t.equal(countText(1_234_567), '1,234,567')
})
