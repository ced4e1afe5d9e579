/** `downpour plan` run in this process, with a folder of files. */
import type { Test } from 'tap'
import { plan } from '../../../bin/plan.ts'

/** A folder of files, and the command with what it says. */
export function bench(t: Test, content: Parameters<Test['testdir']>[0]) {
  const folder = t.testdir(content)
  const run = async (...args: string[]) => {
    const [out, err] = [
      t.capture(process.stdout, 'write', () => true),
      t.capture(process.stderr, 'write', () => true),
    ]
    try {
      const code = await plan(args)
      return { code, out: said(out()), err: said(err()) }
    } finally {
      out.restore()
      err.restore()
    }
  }
  return { folder, run }
}

function said(calls: readonly { readonly args: readonly unknown[] }[]): string {
  return calls.map(({ args }) => String(args[0])).join('')
}
