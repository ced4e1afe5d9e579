/** Whoever keeps the files that go down: asked for the one whose turn it is, and told what goes out. */
import type { Outgoing } from '../../protocol/cfdp/emission.ts'
import type { SendingTransaction } from '../../protocol/cfdp/sending.ts'
import type { Hearers } from '../audience.ts'
import type { Repeat } from './chosen.ts'

export interface FileKeeper {
  /** What to say once more of a file, if that is what its turn is for. */
  repeat(sequence: number): Repeat | undefined
  /** Opens the transaction of a file that is not open. */
  open(sequence: number): SendingTransaction
  /** This PDU goes out while these hear; what must be written down before is written now. */
  sent(outgoing: Outgoing, hearers: Hearers): void
}
