/** The plain decoder keeps the promise of a decoder, and is the measure of the kernel. */
import t from 'tap'
import { Viterbi } from '../../../protocol/coding/viterbi.ts'
import { viterbiPromise } from './viterbi.promise.ts'

viterbiPromise(t, code => new Viterbi(code))
