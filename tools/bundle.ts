/** `make build`, second step: bundles over the files of the same names that tsc wrote, and what is in them. */
import { writeFileSync } from 'node:fs'
import { bundleTo } from './bundles.ts'

writeFileSync('dist/LICENSES.txt', await bundleTo('dist/bin', true))
