import '@tensorflow/tfjs-backend-cpu'
import { architectureOf, listModels } from '@cnnkit/zoo'
import { describePolicies, type Form } from '../testing/describe-policies.ts'

const forms: Form[] = []
for (const network of listModels()) {
  const { flavors } = await architectureOf(network)
  for (const { name } of flavors) forms.push({ network, flavor: name })
}

describePolicies(forms)
