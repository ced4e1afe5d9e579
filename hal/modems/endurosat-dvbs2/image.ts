/** Frames packed into the image of a file, whose length the transmitter wants to know before it takes the first octet. */

export class FileImage {
  #frames: Uint8Array[] = []
  octets = 0

  /** Keeps the frame: it must be nobody else's. */
  put(frame: Uint8Array): void {
    this.#frames.push(frame)
    this.octets += frame.length
  }

  /** All of it, and begins anew. */
  take(): Uint8Array {
    const whole = new Uint8Array(this.octets)
    let at = 0
    for (const frame of this.#frames) {
      whole.set(frame, at)
      at += frame.length
    }
    this.#frames = []
    this.octets = 0
    return whole
  }
}
