/** `make kernel`: compiles protocol/coding/kernel/ into protocol/coding/kernel-octets.ts. */
import { writeFileSync } from 'node:fs'
import { kernelText } from './kernel-text.ts'

writeFileSync('protocol/coding/kernel-octets.ts', kernelText())
