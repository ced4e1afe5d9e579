/**
 * How much there is of a file that is sent: all of it from the start, or, of an unbounded file, what was made so far.
 * Its size and checksum are then known at its EOF, and its Metadata says 0. CCSDS 727.0-B-5, 4.6.1.1 and 5.2.5.
 */
import type { Transmission } from './transmission.ts'

export class Extent {
  #fileSize: number
  #checksum: number
  #isAll: boolean

  constructor({ fileSize, checksum, unbounded = false }: Transmission) {
    this.#fileSize = fileSize
    this.#checksum = checksum
    this.#isAll = !unbounded
  }

  /** Octets that are there; one day, or from the start, those of the file. */
  get fileSize(): number {
    return this.#fileSize
  }

  /** Of the whole file; 0 before. */
  get checksum(): number {
    return this.#checksum
  }

  /** Whether no more of it will come. */
  get isAll(): boolean {
    return this.#isAll
  }

  /** More of it is there. Less, or more of a file that was all there, changes nothing. */
  grow(octets: number): void {
    if (!this.#isAll) this.#fileSize = Math.max(this.#fileSize, octets)
  }

  /** That was all. */
  end(octets: number, checksum: number): void {
    if (this.#isAll) return
    this.#fileSize = octets
    this.#checksum = checksum
    this.#isAll = true
  }
}
