/** Colours of a terminal, few and sober. Without colour every pen leaves the text as it is. */
export interface Ink {
  readonly bold: Pen
  readonly dim: Pen
  readonly good: Pen
  readonly flow: Pen
  readonly warn: Pen
  readonly bad: Pen
}

export type Pen = (text: string) => string

export function inkFor(colour: boolean): Ink {
  const pen = (code: number) => (text: string) =>
    colour && text !== '' ? `\x1b[${code}m${text}\x1b[0m` : text
  return { bold: pen(1), dim: pen(2), good: pen(32), flow: pen(36), warn: pen(33), bad: pen(31) }
}

/** Whether this stream shows colours: a terminal, unless NO_COLOR has a value (no-color.org). */
export function showsColour(
  stream: { readonly isTTY?: boolean },
  environment: NodeJS.ProcessEnv,
): boolean {
  return (
    stream.isTTY === true &&
    (environment['NO_COLOR'] ?? '') === '' &&
    environment['TERM'] !== 'dumb'
  )
}
