import type { ZooKernels } from '../collect/record.ts'
import { bars } from '../networks/compare-form.ts'
import { short } from './short.ts'

/** What the page is. */
export const introduction = ({ kernels, distinct, classes, networks }: ZooKernels): string => `# Backends

<!-- Written by \`pnpm --filter conformance start page\`; a test holds it to conformance/results, which \`start run\` writes. -->

What each backend was found to do, by running it: \`conformance/\` collects the kernels that the ${Object.keys(networks).length} networks of the zoo call, forward, fused, in a
training step and for a map, and replays them on each backend with the same values as on TensorFlow.js' plain \`cpu\`. It found ${kernels.length}
kernels in ${distinct.toLocaleString('en')} different calls; calls that differ in size alone count as one, which leaves ${Object.keys(classes).length.toLocaleString('en')}. Then the networks themselves are run.
Errors are max |a - b| / max |b|.
`

/** How networks are compared, and how their cells are read. */
export const networksText: string = `Each network in the form that \`createModel\` makes, two pictures of the size that the row says, twice its smallest: the error of the logits, of the training step (the
gradient of every weight, and how far a step of \`fit\` moves it, whichever is worse), and of the Grad-CAM map. The bars are ${short(bars.infer)}, ${short(bars.gradient)} and ${short(bars.map)};
a tensor of weights is measured by its own largest value, or by a hundredth of the largest of all where that is more. Beyond a bar is **bold**.

- **Who is compared with whom.** \`wasm\` with \`cpu\`, where it says so upright; all others with \`wasm\`, in Node or in the page that they run in. \`cpu\` is too slow for most, so a cell of
  \`wasm\` in _italics_ is no run of its own: it is what TensorFlow came to beside it (in Chromium: WebGL), read from the other side.
- **\`at 33\`**: SwiftShader takes minutes for the larger networks. There they run at the least size at which no norm sees a single pixel, and of training with the step
  alone, which moves each weight by its gradient.
- **\`2\`**: a value within rounding of zero may pass a ReLU on one backend and not on another, so a network that is beyond a bar is tried with up to three sets of
  pictures; it took two. Where it still is, \`5e-2 of 8e-2\` says how far, at least, the reference comes from itself when every weight is moved by one rounding; an error of no more is none of
  the backend's.
- **Empty**, or \`–\`: not run here, for want of time. The command goes on where it was.
`

/** How the cells of kernels are read. */
export const kernelsText: string = `The largest error over the calls that were replayed. \`c\`: the backend has no such kernel, and \`@cnnkit/kernels\` composes it of others. **Bold**: beyond the tolerance.
`
