/**
 * Reads tap's raw report line by line: one line for a file that passed, every failure with its
 * diagnosis for one that did not, and the sums at the end. The sums are tap's own, from the comment
 * that closes its report, so a reader that misjudges a line cannot change them.
 */
export interface Sums {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export class Tally {
  #block: string[] = []
  #filesFailed = 0
  #isAfterFailure = false
  #closing: Sums | undefined

  /** Takes one line of the report; answers what a reader wants to see of it, now. */
  line(text: string): readonly string[] {
    const file = /^(ok|not ok) \d+ - (\S+)(?:.*# time=([\d.]+)ms)?/.exec(text)
    if (file !== null) {
      const block = this.#block
      this.#block = []
      this.#isAfterFailure = file[1] !== 'ok'
      const heading = `${file[1] === 'ok' ? 'ok    ' : 'FAILED'} ${file[2]} (${seconds(file[3])})`
      if (file[1] === 'ok') return [heading, ...whatWasSkipped(block)]
      this.#filesFailed += 1
      return [heading, ...withoutPasses(block)]
    }
    // How a file's process ended stands below its line, and is no part of the next file's.
    if (this.#isAfterFailure && text.startsWith('  ')) {
      return /^ {2}(exitCode|signal|expired|timeout): /.test(text) ? [text] : []
    }
    this.#isAfterFailure = false
    const closing = /^# \{ total: .*\}$/.exec(text)
    if (closing !== null) this.#closing = sumsOf(text)
    else if (text.startsWith('Bail out!')) return [text]
    else this.#block.push(text)
    return []
  }

  /** After the last line. A report that was never closed is a failure, whatever it said before. */
  sums(): Sums {
    if (this.#closing === undefined)
      return { passed: 0, failed: Math.max(1, this.#filesFailed), skipped: 0 }
    return { ...this.#closing, failed: Math.max(this.#closing.failed, this.#filesFailed) }
  }
}

/** `# { total: 9, pass: 4, fail: 3, todo: 1, skip: 1 }`, where a count of nothing is left out. */
function sumsOf(text: string): Sums {
  const count = (name: string): number =>
    Number(new RegExp(`\\b${name}: (\\d+)`).exec(text)?.[1] ?? 0)
  return { passed: count('pass'), failed: count('fail'), skipped: count('skip') + count('todo') }
}

function withoutPasses(block: readonly string[]): string[] {
  return block.filter(text => !/^ *(ok \d+ - |\d+\.\.\d+|# time=)/.test(text) && text.trim() !== '')
}

function whatWasSkipped(block: readonly string[]): string[] {
  return block.filter(text => /# (SKIP|TODO)\b/.test(text))
}

function seconds(ms: string | undefined): string {
  return ms === undefined ? 'no time' : `${(Number(ms) / 1_000).toFixed(2)} s`
}
