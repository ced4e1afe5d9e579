/** The security associations of a configuration, their keys read from their files. */
import type { Security } from '../protocol/frame/sdls/association.ts'
import type { UplinkConfig } from './config/uplink.ts'
import { readKey } from './key-file.ts'

/** undefined: the uplink is not secured. @throws KeyRefused; the error of the disk */
export async function openSecurity(uplink: UplinkConfig): Promise<Security | undefined> {
  const { sdls, segmentation } = uplink
  if (sdls === undefined) return undefined
  // Node's cryptography takes a while to load.
  const { aesGcm } = await import('./aes-gcm.ts')
  const all = [{ ...sdls, operational: true }, ...sdls.others]
  const associations = await Promise.all(
    all.map(async ({ spi, mode, keyFile, operational }) => {
      const key = await readKey(keyFile)
      const aead = aesGcm(key)
      key.fill(0)
      return { spi, mode, aead, operational }
    }),
  )
  const { spi, window } = sdls
  return { spi, associations, window, segmented: segmentation !== undefined }
}
