import {
  ablationCam,
  cam,
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  guidedBackprop,
  hiResCam,
  layerCam,
  type MapFunction,
  randomCam,
  scoreCam,
  smoothGradCamPlusPlus,
  xGradCam,
} from '../index.ts'

/** Every method by name, those that run the network for each channel with 16 of them. */
export const methods: Readonly<Record<string, MapFunction>> = {
  cam,
  'grad-cam': gradCam,
  'grad-cam++': gradCamPlusPlus,
  'smooth-grad-cam++': withDefaults(smoothGradCamPlusPlus, { samples: 2 }),
  'hires-cam': hiResCam,
  'x-grad-cam': xGradCam,
  'layer-cam': layerCam,
  'score-cam': withDefaults(scoreCam, { channels: 16 }),
  'ablation-cam': withDefaults(ablationCam, { channels: 16 }),
  'eigen-cam': eigenCam,
  'guided-backprop': guidedBackprop,
  random: randomCam,
}

function withDefaults<Options extends object>(method: MapFunction<Options>, defaults: Options): MapFunction {
  const preset = (...[model, given, options]: Parameters<MapFunction>) =>
    method(model, given as never, { ...defaults, ...options } as Options)
  return preset as unknown as MapFunction
}
