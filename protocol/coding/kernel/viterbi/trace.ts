/** The backward half: from the best state back over the decisions, to the bits that led there. */
import { BITS, DECISIONS, FIRST, OCTETS, SECOND } from './memory.ts'

/** Writes to BITS what the steps before `end` decided, the last of which led to `state`. */
export function trace(end: usize, state: u32): void {
  let at: usize = end
  while (at > 0) {
    at--
    store<u8>(BITS + at, state & 1)
    const upper = <u32>(load<u64>(DECISIONS + 8 * at) >> state) & 1
    state = (state >>> 1) | (upper << 5)
  }
}

/** Packs the first `count` bits into OCTETS, sixteen at a time, the first highest. */
export function pack(count: usize): void {
  for (let i: usize = 0; i < count; i += 16) {
    const bits = v128.load(BITS + i)
    // biome-ignore format: sixteen lanes are one vector
    const turned = v128.shuffle<u8>(bits, bits, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8)
    store<u16>(OCTETS + i / 8, i8x16.bitmask(i8x16.shl(turned, 7)))
  }
}

/** Codes the first `count` bits again and counts the symbols that were received otherwise. */
export function contradicted(count: usize): u32 {
  let sum: u32 = 0
  for (let i: usize = 0; i < count; i += 16) {
    const at = BITS + i
    const both = v128.xor(
      v128.xor(v128.load(at), v128.load(at - 2)),
      v128.xor(v128.load(at - 3), v128.load(at - 6)),
    )
    sum +=
      differing(FIRST + i, v128.xor(both, v128.load(at - 1))) +
      differing(SECOND + i, v128.xor(both, v128.load(at - 5)))
  }
  return sum
}

/** How many of sixteen symbols at `received` have the sign of the other bit; those that are nothing agree with both. */
function differing(received: usize, bits: v128): u32 {
  const ones = i8x16.neg(bits)
  const turned = i8x16.sub(v128.xor(v128.load(received), ones), ones)
  return popcnt(i8x16.bitmask(i8x16.gt_s(turned, i64x2.splat(0))))
}
