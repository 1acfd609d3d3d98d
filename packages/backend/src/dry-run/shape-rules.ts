import { arrayRules } from './array-rules.ts'
import { elementwiseRules } from './elementwise-rules.ts'
import { networkRules } from './network-rules.ts'
import type { Rules } from './rule.ts'

/** What kernels give, by name, as far as the shapes of what they take tell. */
export const shapeRules: Rules = { ...elementwiseRules, ...arrayRules, ...networkRules }
