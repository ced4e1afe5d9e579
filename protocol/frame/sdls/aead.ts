/**
 * The cipher that SDLS asks for, from outside: authenticated encryption with associated data. AES-GCM with a key of
 * 256 bits, an IV of 96 and a MAC of 128 is what 355.0-B-2 recommends; hal/aes-gcm.ts is that.
 */
export interface Aead {
  /** As many octets as `plain` has, and MAC_OCTETS behind them. An IV is used once, ever, under one key. */
  seal(iv: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array
  /** What was sealed; undefined: key, IV, associated octets or these are others than then. */
  open(iv: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | undefined
}

export const IV_OCTETS = 12
export const MAC_OCTETS = 16
