/** Loaded before the tests of a mutation run: `import t from 'tap'` finds tap.ts beside this file. */
import { register } from 'node:module'
import fc from 'fast-check'

const STAND_IN = `export { root as default, Test } from '${new URL('tap.ts', import.meta.url).href}'`
const HOOK = `export const resolve = (wanted, context, next) => wanted === 'tap'
  ? { url: ${JSON.stringify(moduleOf(STAND_IN))}, shortCircuit: true }
  : next(wanted, context)`

register(moduleOf(HOOK))
// One failing history kills a mutant; the shortest one is for people.
fc.configureGlobal({ endOnFailure: true })

function moduleOf(text: string): string {
  return `data:text/javascript,${encodeURIComponent(text)}`
}
