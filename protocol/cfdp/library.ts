/**
 * What the package publishes as `downpour/cfdp`, and nothing else: a change here is a change for users. It is one
 * file because `exports` in package.json names one, and no index.ts because nothing in the house imports it.
 */
export { CHECKSUM, FileChecksum } from './checksum.ts'
export { CONDITION, conditionName } from './condition.ts'
export type { EntityCounters, FaultName } from './entity/counters.ts'
export type { EntityEffect, EntityInput, PutRequest } from './entity/events.ts'
export type { Indication, Status } from './entity/indications.ts'
export { ENTITY_LIMITS, type EntityLimits, type EntitySettings } from './entity/settings.ts'
export { CfdpEntity, type OutgoingPdu } from './entity.ts'
export { type FilestoreOutcome, outcomeOf } from './filestore/outcome.ts'
export { requestOption } from './filestore/requests.ts'
export { MemoryEnd } from './memory-end.ts'
export { encodePdu, parsePdu } from './pdu/codec.ts'
export { describePdu } from './pdu/describe.ts'
export { FILESTORE_ACTION, type FilestoreRequest, type FilestoreResponse } from './pdu/filestore.ts'
export type {
  Body,
  Finished,
  Header,
  Malformed,
  Metadata,
  Pdu,
  Tlv,
  TransactionId,
} from './pdu/pdu.ts'
export {
  QUIRKS,
  type Quirks,
  type RemoteChoice,
  type RemoteEntity,
  type RemoteLimits,
  remoteEntity,
} from './remote.ts'
export { CfdpUser } from './user/cfdp-user.ts'
export {
  OPERATIONS,
  type Operation,
  type OperationAnswer,
  type OperationRequest,
  type ProxyPut,
  USER_LIMITS,
  type UserEffect,
  type UserIndication,
  type UserInput,
  type UserLimits,
  type UserSettings,
} from './user/operations.ts'
export { messageOption, type ReservedMessage, readMessages } from './user/reserved-message.ts'
