/** The octets of all files that one peer has under way to this entity, together: what it can fill a disk with. */
export class OpenOctets {
  readonly #max: number
  #octets = 0

  constructor(max: number) {
    this.#max = max
  }

  hasRoomFor(octets: number): boolean {
    return this.#octets + octets <= this.#max
  }

  take(octets: number): void {
    this.#octets += octets
  }

  free(octets: number): void {
    this.#octets -= octets
  }
}
