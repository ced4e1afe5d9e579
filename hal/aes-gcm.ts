/** AES-256-GCM of the platform, for SDLS. The key stays in the platform's own object: nothing prints it. */
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import { type Aead, MAC_OCTETS } from '../protocol/frame/sdls/aead.ts'

/** `key`: 32 octets. They may be wiped afterwards. */
export function aesGcm(key: Uint8Array): Aead {
  const secret = createSecretKey(key)
  return {
    seal(iv, associated, plain) {
      const cipher = createCipheriv(CIPHER, secret, iv, { authTagLength: MAC_OCTETS })
      cipher.setAAD(associated)
      const encrypted = cipher.update(plain)
      cipher.final()
      const sealed = new Uint8Array(plain.length + MAC_OCTETS)
      sealed.set(encrypted)
      sealed.set(cipher.getAuthTag(), plain.length)
      return sealed
    },
    open(iv, associated, sealed) {
      const end = sealed.length - MAC_OCTETS
      const decipher = createDecipheriv(CIPHER, secret, iv, { authTagLength: MAC_OCTETS })
      decipher.setAAD(associated)
      decipher.setAuthTag(sealed.subarray(end))
      const plain = decipher.update(sealed.subarray(0, end))
      try {
        decipher.final()
      } catch {
        // The one thing that final() says of GCM: the MAC is wrong.
        return undefined
      }
      return Uint8Array.from(plain)
    },
  }
}

const CIPHER = 'aes-256-gcm'
