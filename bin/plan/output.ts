/** Plans as files: YAML for people, JSON for what flies, where no library for YAML needs to be loaded. */
import { writeFileSync } from 'node:fs'
import { writePlan } from '../../protocol/plan/document.ts'
import type { ContactPlan } from '../../protocol/plan/plan.ts'
import { flag, path } from '../options.ts'

export const OUTPUT_OPTIONS = {
  output: path('writes the plan there, not to standard output; *.json is JSON'),
  json: flag('the plan as JSON, not as YAML'),
}

export async function putPlan(
  plan: ContactPlan,
  { output, json }: { readonly output: string | undefined; readonly json: boolean },
): Promise<void> {
  const text = await planText(plan, json || output?.endsWith('.json') === true)
  if (output === undefined) process.stdout.write(text)
  else writeFileSync(output, text)
}

async function planText(plan: ContactPlan, asJson: boolean): Promise<string> {
  const document = writePlan(plan)
  if (asJson) return `${JSON.stringify(document, null, 1)}\n`
  const { Document, isCollection, visit } = await import('yaml')
  const yaml = new Document(document)
  // A rate or a sample is one line.
  visit(yaml, {
    Seq: (_, node, above) => {
      if (above.length < 4) return
      for (const item of node.items) if (isCollection(item)) item.flow = true
    },
  })
  return yaml.toString({ lineWidth: 120 })
}
