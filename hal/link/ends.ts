/** Both ends of the line: pseudo-terminals where there are any, else TCP ports. */
import type { LineEnd } from './end.ts'
import { openPtyEnd } from './pty-end.ts'
import { openTcpEnd } from './tcp-end.ts'

export async function openEnds(
  kind: 'serial' | 'tcp',
): Promise<{ onboard: LineEnd; station: LineEnd }> {
  return { onboard: await openEnd(kind), station: await openEnd(kind) }
}

async function openEnd(kind: 'serial' | 'tcp'): Promise<LineEnd> {
  const pty = kind === 'serial' ? await openPtyEnd() : undefined
  return pty ?? openTcpEnd()
}
