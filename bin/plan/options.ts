/** Options that the commands of plans share. */
import { instant } from '../contacts.ts'
import { UsageError, valued } from '../options.ts'

/** A moment; +3d counts from a moment that the command knows. */
export const moment = valued('UTC', typed => {
  instant(typed, 0)
  return (base: number) => instant(typed, base)
})

export const degrees = valued('DEG', typed => real(typed, 'degrees such as 51.6'))
export const kilometres = valued('KM', typed => real(typed, 'kilometres such as 550'))

/** `ion`, or whatever the choices are. */
export function choice<T extends string>(...choices: readonly T[]) {
  return valued(choices.join('|'), typed => {
    const found = choices.find(one => one === typed)
    if (found !== undefined) return found
    throw new UsageError(`"${typed}": one of ${choices.join(', ')} is needed`)
  })
}

/** `2=Kiruna,3=Delft` */
export const stationNames = valued('NODE=NAME,...', typed => {
  const names = typed.split(',').map((pair): [number, string] => {
    const [, node, name] = /^(\d{1,15})=(.+)$/.exec(pair) ?? []
    if (node !== undefined && name !== undefined) return [Number(node), name]
    throw new UsageError(`"${pair}": such as 2=Kiruna is needed`)
  })
  for (const which of [0, 1] as const) {
    const all = names.map(name => name[which])
    const twice = all.find((one, i) => all.indexOf(one) < i)
    if (twice !== undefined) throw new UsageError(`"${typed}": ${twice} is there twice`)
  }
  return new Map(names)
})

function real(typed: string, needed: string): number {
  const value = Number(typed)
  if (typed.trim() !== '' && Number.isFinite(value)) return value
  throw new UsageError(`"${typed}": ${needed} are needed`)
}
