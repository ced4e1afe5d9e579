/**
 * What the tests of CFDP use of tap, over mocha: in one process, test by test, so that a mutant costs
 * milliseconds and not the start of a process. A test of a file is an `it`; one inside another runs within it, and the
 * first assertion that fails ends both. Comparisons are tap's own, reached through it: nobody else is asked to bring them.
 */
import { createRequire } from 'node:module'
import { isDeepStrictEqual } from 'node:util'

interface Comparison {
  readonly match: boolean
  readonly diff: string
}

type Compare = (found: unknown, wanted: unknown) => Comparison

const { match, strict } = required('tap', '@tapjs/asserts', 'tcompare') as Readonly<
  Record<'match' | 'strict', Compare>
>

/** It alone costs as much as all others together. */
const TOO_LONG = 'CfdpEntity works off ten thousand requests, 64 at a time'

declare function it(name: string, run: () => Promise<void>): void

type Body = (t: Test) => unknown
type Call = (...args: readonly unknown[]) => unknown

export class Test {
  readonly #run: (name: string, run: () => Promise<void>) => Promise<void>
  readonly #undone: (() => void)[] = []

  constructor(run: (name: string, run: () => Promise<void>) => Promise<void>) {
    this.#run = run
  }

  test(name: string, ...rest: readonly unknown[]): Promise<void> {
    const body = rest.at(-1) as Body
    return this.#run(name, () => lived(body))
  }

  ok(found: unknown, what = 'falsy'): void {
    if (!found) throw new Error(what)
  }

  notOk(found: unknown, what = 'truthy'): void {
    if (found) throw new Error(what)
  }

  equal(found: unknown, wanted: unknown, what = ''): void {
    if (!Object.is(found, wanted))
      throw new Error(`${what}: ${String(found)} is not ${String(wanted)}`)
  }

  not(found: unknown, unwanted: unknown, what = ''): void {
    if (Object.is(found, unwanted)) throw new Error(`${what}: ${String(found)}`)
  }

  strictSame(found: unknown, wanted: unknown, what = ''): void {
    if (isDeepStrictEqual(found, wanted)) return
    const { match: isSame, diff } = strict(found, wanted)
    if (!isSame) throw new Error(`${what}\n${diff}`)
  }

  match(found: unknown, pattern: unknown, what = ''): void {
    const { match: isMatch, diff } = match(found, pattern)
    if (!isMatch) throw new Error(`${what}\n${diff}`)
  }

  notMatch(found: unknown, pattern: unknown, what = 'matches'): void {
    if (match(found, pattern).match) throw new Error(what)
  }

  throws(run: () => unknown, wanted?: unknown): void {
    try {
      run()
    } catch (fault) {
      if (wanted instanceof RegExp) this.match((fault as Error).message, wanted)
      else if (wanted !== undefined) this.match(fault, wanted)
      return
    }
    throw new Error('nothing is thrown')
  }

  doesNotThrow(run: () => unknown): void {
    run()
  }

  /** `wanted` is a class, or one of the names that typeof has. */
  type(found: unknown, wanted: string | (abstract new (...args: never) => unknown)): void {
    const isIt = typeof wanted === 'string' ? typeof found === wanted : found instanceof wanted
    if (!isIt) throw new Error(`${typeof found} is not ${String(wanted)}`)
  }

  /** The calls of a method from now to the end of the test. */
  capture(of: object, name: PropertyKey, run: Call): () => readonly (readonly unknown[])[] {
    const calls: (readonly unknown[])[] = []
    const replaced = Object.getOwnPropertyDescriptor(of, name) as PropertyDescriptor
    const value = function (this: unknown, ...args: readonly unknown[]): unknown {
      calls.push(args)
      return Reflect.apply(run, this, args)
    }
    Object.defineProperty(of, name, { ...replaced, value })
    this.#undone.push(() => Object.defineProperty(of, name, replaced))
    return () => calls
  }

  /** The test is over. */
  undo(): void {
    for (const undo of this.#undone) undo()
  }

  pass(): void {}

  fail(what = 'fail'): void {
    throw new Error(what)
  }

  end(): void {}
}

export const root = new Test(async (name, run) => {
  if (name !== TOO_LONG) it(name, run)
})

/** The last of these modules, each as the one before it finds it. */
function required(...names: readonly string[]): unknown {
  let from = createRequire(import.meta.url)
  for (const name of names.slice(0, -1)) from = createRequire(from.resolve(name))
  return from(names.at(-1) ?? '')
}

async function lived(body: Body): Promise<void> {
  const inner: Promise<void>[] = []
  const t = new Test((_, run) => {
    const running = run()
    inner.push(running)
    return running
  })
  try {
    await body(t)
    await Promise.all(inner)
  } finally {
    t.undo()
  }
}
