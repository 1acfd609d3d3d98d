/** Weights of Keras' layers in Keras' order, by class as Keras 3's files have it; those after the first may be missing. */
const names: Readonly<Record<string, readonly string[]>> = {
  conv1d: ['kernel', 'bias'],
  conv2d: ['kernel', 'bias'],
  conv3d: ['kernel', 'bias'],
  conv1d_transpose: ['kernel', 'bias'],
  conv2d_transpose: ['kernel', 'bias'],
  conv3d_transpose: ['kernel', 'bias'],
  dense: ['kernel', 'bias'],
  depthwise_conv1d: ['depthwise_kernel', 'bias'],
  depthwise_conv2d: ['depthwise_kernel', 'bias'],
  embedding: ['embeddings'],
  normalization: ['mean', 'variance', 'count'],
  p_re_lu: ['alpha'],
  separable_conv1d: ['depthwise_kernel', 'pointwise_kernel', 'bias'],
  separable_conv2d: ['depthwise_kernel', 'pointwise_kernel', 'bias'],
}

/** Those with `scale` and `center`, and what follows. */
const norms: Readonly<Record<string, readonly string[]>> = {
  batch_normalization: ['moving_mean', 'moving_variance'],
  sync_batch_normalization: ['moving_mean', 'moving_variance'],
  layer_normalization: [],
  group_normalization: [],
}

/**
 * What the weights `0`, `1`, ... of a layer are called. Where a norm has one of gamma and beta and no options say which, it
 * is beta: networks without gamma are common (Inception), those without beta are not. Of a class that is not known they
 * keep their numbers.
 */
export function weightNames(
  snake: string,
  count: number,
  options: Readonly<Record<string, unknown>> | undefined,
): readonly string[] {
  const rest = norms[snake]
  const usual = rest === undefined ? names[snake] : [...affine(count - rest.length, options), ...rest]
  const isUsual = usual !== undefined && (rest === undefined ? count >= usual.length - 1 : count === usual.length)
  return isUsual && count <= usual.length ? usual.slice(0, count) : Array.from({ length: count }, (_, i) => String(i))
}

function affine(count: number, options: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  if (count === 2) return ['gamma', 'beta']
  if (count !== 1) return []
  return options?.center === false ? ['gamma'] : ['beta']
}
