import t from 'tap'
import { performStep } from '../../hal/step.ts'

type Doing =
  | { readonly kind: 'journal'; readonly record: unknown }
  | { readonly kind: 'transmit' | 'write' | 'sync'; readonly id?: string }

/** Performs a step, and says in which order the world was asked. */
async function diaryOf(effects: readonly Doing[], broken?: string): Promise<readonly string[]> {
  const diary: string[] = []
  let isDirty = false
  const notebook = {
    get isDirty() {
      return isDirty
    },
    write(record: unknown) {
      diary.push(`record ${String(record)}`)
      isDirty = true
    },
    async flush() {
      if (isDirty) diary.push('flush')
      isDirty = false
    },
    async compact() {
      diary.push('compact')
    },
  }
  let isHeld = false
  const arrivals = {
    holds: ({ kind }: { readonly kind: string }) => kind !== 'write' && isHeld,
    async flush() {
      if (isHeld) diary.push('written')
      isHeld = false
    },
    skips: ({ id }: { readonly id?: string }) => id !== undefined && id === broken,
    endStep: () => broken === undefined,
  }
  await performStep(effects, {
    notebook,
    arrivals,
    perform: async ({ kind }: Exclude<Doing, { kind: 'journal' }>) => {
      diary.push(kind)
      isHeld ||= kind === 'write'
    },
  })
  return diary
}

t.test('performStep() does nothing before the disk has what was written before it', async t => {
  const diary = await diaryOf([
    { kind: 'transmit' },
    { kind: 'journal', record: 1 },
    { kind: 'journal', record: 2 },
    { kind: 'transmit' },
    { kind: 'transmit' },
    { kind: 'journal', record: 3 },
  ])
  const together = ['record 1', 'record 2', 'flush']
  const all = ['transmit', ...together, 'transmit', 'transmit', 'record 3', 'flush', 'compact']
  t.strictSame(diary, all)
})

t.test('performStep() lets the octets of files pass the records that wait', async t => {
  const diary = await diaryOf([
    { kind: 'journal', record: 1 },
    { kind: 'write', id: '1-1' },
    { kind: 'sync', id: '1-1' },
    { kind: 'journal', record: 2 },
  ])
  const whole = ['record 1', 'write', 'written', 'sync', 'record 2', 'flush', 'compact']
  t.strictSame(diary, whole)
})

t.test('performStep() has segments written before a record, and before its end', async t => {
  const diary = await diaryOf([
    { kind: 'write', id: '1-1' },
    { kind: 'write', id: '1-1' },
    { kind: 'journal', record: 1 },
    { kind: 'write', id: '1-1' },
  ])
  const records = ['record 1', 'write', 'written', 'flush', 'compact']
  t.strictSame(diary, ['write', 'write', 'written', ...records])
})

t.test(
  'performStep() leaves out what the disk has failed, and is not compacted over it',
  async t => {
    const diary = await diaryOf(
      [
        { kind: 'sync', id: '1-1' },
        { kind: 'journal', record: 1 },
        { kind: 'transmit', id: '1-2' },
      ],
      '1-1',
    )
    t.strictSame(diary, ['record 1', 'flush', 'transmit'])
  },
)
