// Zhang, Cisse, Dauphin, Lopez-Paz 2017, "mixup: Beyond Empirical Risk Minimization"; arXiv:1710.09412 (facebookresearch/mixup-cifar10).
import type { BatchMix } from './batch-mix.ts'
import { checkOption } from './options.ts'
import type { Random } from './random.ts'

/** How {@link mixup} mixes. */
export interface MixupOptions {
  /** Of the distribution Beta(alpha, alpha) that the share is drawn from: 0.2 for ImageNet in the paper, 1 for CIFAR-10. Default 0.2. */
  readonly alpha?: number
}

/**
 * Blends each picture of a batch with another one of it, and their labels alike; one share a batch, as the paper's own code. For
 * `batches({ mix })` and `fit({ mix })`. Throws `INVALID_AUGMENTATION`.
 */
export function mixup({ alpha = 0.2 }: MixupOptions = {}): BatchMix {
  checkOption(alpha > 0 && Number.isFinite(alpha), `mixup takes an alpha above 0, not ${alpha}.`)
  return (pictures, random) => {
    const share = beta(alpha, random)
    return { share, partners: random.shuffle(Array.from({ length: pictures }, (_, i) => i)) }
  }
}

/** A number of Beta(alpha, alpha). Small alphas may bring two gammas to 0, of which neither then has the upper hand. */
function beta(alpha: number, random: Random): number {
  const [a, b] = [gamma(alpha, random), gamma(alpha, random)]
  return a + b > 0 ? a / (a + b) : Number(random.next() < 0.5)
}

/** A number of Gamma(shape, 1): Marsaglia and Tsang 2000, "A simple method for generating gamma variables". */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * random.next() ** (1 / shape)
  const d = shape - 1 / 3
  for (;;) {
    const x = random.normal()
    const v = (1 + x / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(1 - random.next()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}
