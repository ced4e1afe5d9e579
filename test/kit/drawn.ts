/**
 * What fast-check draws is the same in every run: what fails on one computer fails on all. `SEED=17 npx tsx FILE` draws
 * something else; a failure names its seed and the case.
 */
export const DRAWN = { seed: Number(process.env['SEED'] ?? 1) }
