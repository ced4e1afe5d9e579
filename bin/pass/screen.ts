/** Where a pass is shown: a terminal, redrawn in place, or a log with a line per second. */
import type { WriteStream } from 'node:tty'
import { inkFor, showsColour } from '../ink.ts'
import { panelLines, progressLine } from './panel.ts'
import type { PassView } from './view.ts'

export interface Display {
  /** How long to wait before the next picture is worth it. */
  readonly everyMs: number
  show(view: PassView): void
  /** Leaves the last picture and gives the cursor back. */
  end(): void
}

export function displayOn(stream: WriteStream | NodeJS.WriteStream): Display {
  return stream.isTTY ? livePanel(stream) : logLines(stream)
}

export const NO_DISPLAY: Display = { everyMs: 100, show: () => {}, end: () => {} }

function livePanel(stream: WriteStream | NodeJS.WriteStream): Display {
  const ink = inkFor(showsColour(stream, process.env))
  let height = 0
  stream.write(HIDE_CURSOR)
  return {
    everyMs: 200,
    show(view) {
      const width = Math.max(60, Math.min(stream.columns, 120))
      const filesMax = Math.max(1, stream.rows - OTHER_LINES)
      const lines = panelLines(view, { width: width - 1, ink, filesMax })
      const up = height > 0 ? `\x1b[${height}A` : ''
      // Each line is written over the old one and the rest of it cleared: nothing flickers.
      stream.write(`${up}${lines.map(line => `\r${line}\x1b[K\n`).join('')}\x1b[J`)
      height = lines.length
    },
    end: () => void stream.write(SHOW_CURSOR),
  }
}

function logLines(stream: NodeJS.WritableStream): Display {
  let lastMs = -Infinity
  return {
    everyMs: 200,
    show(view) {
      if (view.elapsedMs - lastMs < 1_000) return
      lastMs = view.elapsedMs
      stream.write(`${progressLine(view)}\n`)
    },
    end: () => {},
  }
}

const OTHER_LINES = 12
const HIDE_CURSOR = '\x1b[?25l'
const SHOW_CURSOR = '\x1b[?25h'
