/** `make kernel`: compiles protocol/coding/kernel/ into the files of kernel octets beside it. */
import { writeFileSync } from 'node:fs'
import { KERNEL_FILES, kernelText } from './kernel-text.ts'

for (const kernel of KERNEL_FILES) writeFileSync(kernel.text, kernelText(kernel))
