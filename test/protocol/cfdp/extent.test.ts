import t from 'tap'
import { Extent } from '../../../protocol/cfdp/extent.ts'
import { transmissionOf } from './ends.ts'

t.test('Extent: a file that is all there does not grow', async t => {
  const extent = new Extent(transmissionOf(new Uint8Array(10), { checksum: 5 }))
  extent.grow(20)
  extent.end(30, 6)
  t.match(extent, { fileSize: 10, checksum: 5, isAll: true })
})

t.test('Extent: an unbounded file grows until that was all', async t => {
  const extent = new Extent(transmissionOf(new Uint8Array(0), { unbounded: true }))
  t.match(extent, { fileSize: 0, isAll: false })
  extent.grow(20)
  extent.grow(10)
  t.match(extent, { fileSize: 20, checksum: 0, isAll: false })
  extent.end(25, 6)
  extent.grow(30)
  t.match(extent, { fileSize: 25, checksum: 6, isAll: true })
})
