/** How figures are written for people: three digits that matter, the unit behind them. */

/** 999 B, 1.05 MB, 8.59 GB; powers of 1,000. */
export function octetsText(octets: number): string {
  return scaledText(octets, ['B', 'kB', 'MB', 'GB', 'TB'])
}

/** 912 kbit/s */
export function rateText(bps: number): string {
  return scaledText(bps, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'])
}

/** 00:07, 12:30, 3:00:00; rounded up, so that 00:00 means now. */
export function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000))
  const hours = Math.floor(seconds / 3_600)
  const minutes = String(Math.floor(seconds / 60) % 60).padStart(2, '0')
  const rest = String(seconds % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${minutes}:${rest}` : `${minutes}:${rest}`
}

/** 12,345 */
/** How long: `5 s`, `2 min 0 s`, `1.5 h`, `3.0 d`. */
export function lasting(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const hours = seconds / 3_600
  return hours < HOURS_MAX ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`
}

export function countText(count: number): string {
  return count.toLocaleString('en-US')
}

/** Rounded down, so that 100 % is all of it. */
export function percentText(part: number, whole: number): string {
  const percent = whole > 0 ? Math.floor((100 * part) / whole) : 100
  return `${Math.max(0, Math.min(100, percent))} %`
}

/** Names and messages come over the air: none may speak to the terminal, or turn its text around. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd')
}

/** Printable, at most `width` characters; a longer name loses its middle. */
export function fittingText(name: string, width: number): string {
  const letters = Array.from(printable(name))
  if (letters.length <= width) return letters.join('')
  const tail = Math.floor((width - 1) / 2)
  return `${letters.slice(0, width - 1 - tail).join('')}…${letters.slice(letters.length - tail).join('')}`
}

function scaledText(value: number, units: readonly string[]): string {
  let scaled = value
  let unit = 0
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1_000
    unit += 1
  }
  const digits = unit === 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2
  return `${scaled.toFixed(digits)} ${units[unit]}`
}

/** Beyond it days are easier to read. */
const HOURS_MAX = 72
