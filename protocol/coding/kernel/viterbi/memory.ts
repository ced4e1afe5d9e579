/**
 * What lies where in the memory of the kernel, one page of 64 KiB. The host writes symbols to SYMBOLS and reads
 * OCTETS; everything else is the kernel's own. Figures as in ../../viterbi.ts.
 */
export const BLOCK_STEPS: u32 = 1680
export const DEPTH_STEPS: u32 = 192
const STEPS: usize = <usize>(BLOCK_STEPS + DEPTH_STEPS)

/** As received, 3360 at most; of a vector begun behind the last, the rest is never used. */
export const SYMBOLS: usize = 0
/** By step from the oldest undecided: what was received of C1 and of C2, from -12 to 12; 0: nothing. */
export const FIRST: usize = SYMBOLS + 3376
export const SECOND: usize = FIRST + STEPS
/** By step of the block: what it costs to expect 00, 01, 10 and 11, an octet each. */
export const COSTS: usize = SECOND + STEPS
/** By step from the oldest undecided: bit s is set where state s was reached from the upper of its two. */
export const DECISIONS: usize = COSTS + 4 * <usize>BLOCK_STEPS
/** By step from the oldest undecided: the bit decided, an octet each; before them the six last of the block before. */
const LEAD: usize = DECISIONS + 8 * STEPS
export const BITS: usize = LEAD + 16
export const OCTETS: usize = BITS + STEPS
/** By state: how far the received symbols are from the best path that ends there. */
export const METRICS: usize = OCTETS + STEPS / 8 + 6
