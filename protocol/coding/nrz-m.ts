/**
 * NRZ-M: a one is a change, so that it does not matter if the stream is inverted. CCSDS 131.0-B-6, 4.3.3: with the
 * convolutional code it is laid on before the encoder and taken off behind the decoder. Bits are packed, the first
 * highest; before the first bit the line was zero.
 */
export class NrzMEncoder {
  #last = 0

  encode(octets: Uint8Array): Uint8Array {
    return octets.map(octet => {
      // Each bit becomes the sum of all before it and itself.
      let sums = octet ^ (octet >>> 1)
      sums ^= sums >>> 2
      sums ^= sums >>> 4
      sums ^= this.#last === 0 ? 0 : 0xff
      this.#last = sums & 1
      return sums
    })
  }
}

export class NrzMDecoder {
  #last = 0

  decode(octets: Uint8Array): Uint8Array {
    return octets.map(octet => {
      const changes = octet ^ ((octet >>> 1) | (this.#last << 7))
      this.#last = octet & 1
      return changes
    })
  }
}
