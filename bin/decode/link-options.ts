/** What `decode` must be told of a recording, and `encode` of the one it makes: the link's managed parameters. */
import { type AosFormat, aosFieldOctets } from '../../protocol/frame/aos.ts'
import { type DownlinkFormat, downlinkFormat, type Interleave } from '../../protocol/frame/link.ts'
import { count, flag, type Given, UsageError, valued } from '../options.ts'

/** How octets stand in the file. */
export type Form = 'bytes' | 'bits' | 'frames' | 'packets'

export interface LinkFormat {
  readonly form: Form
  /** Of TM frames; its spacecraft id is the one asked for, or 0. */
  readonly tm: DownlinkFormat
  /** Of AOS frames on the same link. */
  readonly aos: AosFormat
}

export const LINK_OPTIONS = {
  format: valued('bytes|bits|frames|packets', oneOf('bytes', 'bits', 'frames', 'packets'))(
    'what the file holds, see below',
    'bytes',
  ),
  'frame-octets': count('octets of a frame [223 * interleave; 1115 without Reed-Solomon]'),
  interleave: valued('0|1|2|3|4|5|8', oneOf('0', '1', '2', '3', '4', '5', '8'))(
    'Reed-Solomon codewords in a codeblock; 0: no Reed-Solomon',
    '5',
  ),
  basis: valued('dual|conventional', oneOf('dual', 'conventional'))(
    'basis of the Reed-Solomon symbols',
    'dual',
  ),
  randomized: flag('codeblocks are randomized: they are unless told'),
  'no-randomized': flag('codeblocks are not randomized'),
  randomizer: valued('short|long', oneOf('short', 'long'))(
    'the sequence of 255 bits or that of 131,071',
    'short',
  ),
  fecf: flag('frames end with a frame error control field: they do unless told'),
  'no-fecf': flag('frames have no frame error control field'),
  ocf: flag('frames have an operational control field'),
  fhec: flag('AOS headers have an error control field'),
  'insert-octets': count('octets of the insert zone of AOS frames', '0'),
}

/** @throws UsageError if no such link can be */
export function readLinkFormat(
  values: Given<typeof LINK_OPTIONS>['values'],
  spacecraftId = 0,
): LinkFormat {
  const interleave = Number(values.interleave) as Interleave
  const shared = {
    frameOctets: values['frame-octets'] ?? (interleave === 0 ? 1115 : 223 * interleave),
    ocf: values.ocf,
    fecf: either('fecf', values.fecf, values['no-fecf']),
  }
  const aos = { ...shared, fhec: values.fhec, insertOctets: values['insert-octets'] }
  const randomized = either('randomized', values.randomized, values['no-randomized'])
  // Frames without check symbols have any length; only where there are some does the interleave bind it.
  const coded = values.format === 'bytes' || values.format === 'bits' ? interleave : 0
  try {
    const { basis, randomizer } = values
    const link = { ...shared, spacecraftId, basis, randomized, randomizer, interleave: coded }
    const tm = downlinkFormat(link)
    if (aosFieldOctets(aos, 0) < 1)
      throw new RangeError(`Cannot use frames of ${aos.frameOctets} octets: they have no room`)
    return { form: values.format, tm, aos }
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message)
    throw error
  }
}

export const ABOUT_FORMATS = `Formats: bytes: a stream of octets with markers in it, at any bit of an octet and of either polarity;
bits: the same with one octet a bit (0 and 1, or the digits); frames: frames of one length, one behind the other,
without marker and check symbols; packets: space packets one behind the other.`

/** A reader of an option that takes one of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]) {
  return (typed: string): Word => {
    const word = words.find(one => one === typed)
    if (word !== undefined) return word
    throw new UsageError(`"${typed}": one of ${words.join(', ')} is needed`)
  }
}

function either(name: string, on: boolean, off: boolean): boolean {
  if (on && off) throw new UsageError(`Cannot use both --${name} and --no-${name}`)
  return !off
}
