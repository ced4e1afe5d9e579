/** What `decode` must be told of a recording, and `encode` of the one it makes: the link's managed parameters. */
import {
  BRANCHES,
  type ConvolutionalCode,
  codesOf,
  RATES,
  standardBranches,
} from '../../protocol/coding/convolutional.ts'
import { type AosFormat, aosFieldOctets } from '../../protocol/frame/aos.ts'
import { type DownlinkFormat, downlinkFormat, type Interleave } from '../../protocol/frame/link.ts'
import { count, flag, type Given, UsageError, valued } from '../options.ts'

/** How symbols stand in the file, or octets. */
const SYMBOL_FORMS = ['bytes', 'bits', 'soft', 'soft-u8', 'float'] as const
const FORMS = [...SYMBOL_FORMS, 'frames', 'packets'] as const
export type SymbolForm = (typeof SYMBOL_FORMS)[number]
export type Form = (typeof FORMS)[number]

export interface LinkFormat {
  readonly form: Form
  /** What the symbols may be coded with; none: they are not. */
  readonly codes: readonly ConvolutionalCode[]
  /** A one is a change. */
  readonly nrzM: boolean
  /** Which sequences the codeblocks may be randomized with, the likelier first; none: they are not. */
  readonly sequences: readonly ('short' | 'long')[]
  /** Of TM frames; its spacecraft id is the one asked for, or 0. */
  readonly tm: DownlinkFormat
  /** Of AOS frames on the same link. */
  readonly aos: AosFormat
}

export const LINK_OPTIONS = {
  format: valued(FORMS.join('|'), oneOf(...FORMS))('what the file holds, see below', 'bytes'),
  convolutional: valued(
    RATES.join('|'),
    oneOf(...RATES),
  )('the symbols are of the convolutional code of this rate'),
  branches: valued(
    [...BRANCHES, 'any'].join('|'),
    oneOf(...BRANCHES, 'any'),
  )('order of its branches, n: inverted [g1-ng2 at rate 1/2, else g1-g2]'),
  'nrz-m': flag('the bits are differential: a one is a change'),
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
  randomizer: valued(
    'short|long',
    oneOf('short', 'long'),
  )('the sequence of 255 bits or that of 131,071 [short; decode finds out]'),
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
  const { format: form, basis, randomizer = 'short' } = values
  const coded = isSymbolForm(form) ? interleave : 0
  const sequences = values.randomizer === undefined ? BOTH : [values.randomizer]
  try {
    const link = { ...shared, spacecraftId, basis, randomized, randomizer, interleave: coded }
    const tm = downlinkFormat(link)
    if (aosFieldOctets(aos, 0) < 1)
      throw new RangeError(`Cannot use frames of ${aos.frameOctets} octets: they have no room`)
    const line = { codes: readCodes(values), nrzM: values['nrz-m'] }
    return { form, ...line, sequences: randomized ? sequences : [], tm, aos }
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message)
    throw error
  }
}

/** Whether frames have to be found by their markers. */
export function isSymbolForm(form: Form): form is SymbolForm {
  return SYMBOL_FORMS.some(one => one === form)
}

export const ABOUT_FORMATS = `Formats: bytes: a stream of octets with markers in it, at any bit of an octet and of either polarity;
bits: the same with one octet a bit (0 and 1, or the digits); soft: one octet a symbol, from -128, surely 0, to 127,
surely 1; soft-u8: the same from 0 to 255; float: 32 bits a symbol, lowest octet first, on any scale; frames: frames
of one length, one behind the other, without marker and check symbols; packets: space packets one behind the other.

With --convolutional the first five hold coded symbols; where they begin and their polarity are found out, and with
--branches any how the branches stand, too. CCSDS sends g1-ng2 at rate 1/2, NASA's DSN ng2-g1.`

/** A reader of an option that takes one of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]) {
  return (typed: string): Word => {
    const word = words.find(one => one === typed)
    if (word !== undefined) return word
    throw new UsageError(`"${typed}": one of ${words.join(', ')} is needed`)
  }
}

/** @throws UsageError */
function readCodes(values: Given<typeof LINK_OPTIONS>['values']): readonly ConvolutionalCode[] {
  const { format, convolutional: rate, branches } = values
  if (rate === undefined) {
    if (branches === undefined) return []
    throw new UsageError(
      `Cannot use --branches ${branches}: without --convolutional there are none`,
    )
  }
  if (!isSymbolForm(format))
    throw new UsageError(`Cannot use --convolutional with --format ${format}: it has no symbols`)
  if (branches === 'any') return codesOf(rate)
  return [{ rate, branches: branches ?? standardBranches(rate) }]
}

function either(name: string, on: boolean, off: boolean): boolean {
  if (on && off) throw new UsageError(`Cannot use both --${name} and --no-${name}`)
  return !off
}

const BOTH = ['short', 'long'] as const
