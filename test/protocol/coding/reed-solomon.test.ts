import t from 'tap'
import { ReedSolomon } from '../../../protocol/coding/reed-solomon.ts'
import { reedSolomonPromise } from './reed-solomon.promise.ts'

reedSolomonPromise(t, code => new ReedSolomon(code))
