import type { Policy } from './policy.ts'

/** What is known of a task before anything is trained. */
export interface TaskFacts {
  /** Labelled pictures to train on. */
  readonly samples: number
  /** How many classes they are of. */
  readonly classes: number
  /**
   * How like the pictures are to those that the network was trained on: `same` classes, `near` (other photographs of things, as of
   * flowers for a network that knows ImageNet), `far` (X-rays, drawings, microscopy).
   */
  readonly similarity: 'same' | 'near' | 'far'
}

/** What {@link recommendPolicy} says. */
export interface Recommendation {
  /** What to train. */
  readonly policy: Policy
  /** What to put on the body; `undefined` where the network stays as it is. */
  readonly head: 'svm' | 'linear' | undefined
  /** Why, in sentences. */
  readonly reasons: readonly string[]
}

/** Pictures a class up to which data is little, and from which it is much. */
const LITTLE = 100
const MUCH = 1000
/** Up to so many pictures a class a linear SVM on embeddings is the quickest good start. */
const FEW = 20

/**
 * Which part of a pretrained network to train: the four approaches of the textbooks by how much data there is and how like it is to
 * what the network knows (CS231n, "Transfer learning"; Yosinski et al. 2014). The thresholds are rules of thumb: measure on
 * held-out pictures where it matters.
 */
export function recommendPolicy({ samples, classes, similarity }: TaskFacts): Recommendation {
  const each = samples / classes
  const amount = `${samples} pictures of ${classes} classes are ${Math.round(each)} a class`
  if (similarity === 'same') {
    const reason =
      'The network was trained on these very classes: use it as it is, and measure it on your pictures first.'
    return { policy: 'as-is', head: undefined, reasons: [reason] }
  }
  const far = similarity === 'far'
  if (each < LITTLE) return far ? littleAndFar(amount, each) : littleAndNear(amount, each)
  if (each < MUCH) {
    return {
      policy: far ? { from: { lastStages: 2 } } : 'last-stage',
      head: 'linear',
      reasons: [
        `${amount}: enough to move the ${far ? 'last two stages' : 'last stage'} without fitting each picture by heart.`,
        far
          ? 'They are unlike what the network knows, so what its later stages look for must change.'
          : 'They are like what the network knows, so its earlier stages already see what matters.',
      ],
    }
  }
  return {
    policy: 'all',
    head: 'linear',
    reasons: [
      `${amount}: enough to train the whole network.`,
      'Pretrained weights still start it two to three times nearer; keep the body at a lower rate than the head.',
    ],
  }
}

function littleAndNear(amount: string, each: number): Recommendation {
  const reasons = [
    `${amount}: too few to move millions of weights without fitting each picture by heart.`,
    'They are like what the network knows, so its features already tell them apart: train a classifier on them.',
  ]
  if (each > FEW) return { policy: 'head', head: 'linear', reasons }
  return {
    policy: 'head',
    head: 'svm',
    reasons: [...reasons, 'With so few a linear SVM needs no tuning of rates and epochs.'],
  }
}

function littleAndFar(amount: string, each: number): Recommendation {
  const reasons = [
    `${amount}, and they are unlike what the network knows: its last stage looks for things that are not there.`,
    'Train the last stage and the head at a low rate, with augmentation; the stages before see edges and textures, which serve here too.',
  ]
  if (each > FEW) return { policy: 'last-stage', head: 'linear', reasons }
  return {
    policy: 'last-stage',
    head: 'linear',
    reasons: [
      ...reasons,
      'So few pictures may not do: compare with a linear SVM on the frozen features, and label more.',
    ],
  }
}
