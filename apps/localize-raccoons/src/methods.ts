import {
  ablationCam,
  type ComparedMethod,
  cam,
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  guidedBackprop,
  hiResCam,
  layerCam,
  randomCam,
  scoreCam,
  smoothGradCamPlusPlus,
  xGradCam,
} from '@cnnkit/cam'

/** The baseline that every method must beat. */
export const BASELINE = 'random'

/** Every method; those that run the network for each channel take as many as are asked for. */
export function methodsOf(channels: number | undefined): Readonly<Record<string, ComparedMethod>> {
  const some = channels === undefined ? {} : { channels }
  return {
    cam,
    'grad-cam': gradCam,
    'grad-cam++': gradCamPlusPlus,
    'smooth-grad-cam++': smoothGradCamPlusPlus,
    'hires-cam': hiResCam,
    'x-grad-cam': xGradCam,
    'layer-cam': layerCam,
    'score-cam': (model, image, options) => scoreCam(model, image, { ...options, ...some }),
    'ablation-cam': (model, image, options) => ablationCam(model, image, { ...options, ...some }),
    'eigen-cam': eigenCam,
    'guided-backprop': guidedBackprop,
    [BASELINE]: randomCam,
  }
}

/** Their names, in the order of the table. */
export const methodNames: readonly string[] = Object.keys(methodsOf(undefined))
