import { CnnkitError } from '@cnnkit/errors'
import type { Architecture } from './architecture.ts'
import type { DensenetName } from './families/densenet.ts'
import type { DensenetCifarName } from './families/densenet-cifar.ts'
import type { MobilenetV1Name } from './families/mobilenet-v1.ts'
import type { MobilenetV2Name } from './families/mobilenet-v2.ts'
import type { NasnetName } from './families/nasnet.ts'
import type { ResnetName } from './families/resnet.ts'
import type { ResnetCifarName } from './families/resnet-cifar.ts'
import type { ResnetV2Name } from './families/resnet-v2.ts'
import type { SqueezenetName } from './families/squeezenet.ts'
import type { VggName } from './families/vgg.ts'

/** Every network of the zoo. */
export type ModelName =
  | 'alexnet'
  | 'zfnet'
  | 'vgg11'
  | 'vgg11_bn'
  | 'vgg13'
  | 'vgg13_bn'
  | 'vgg16'
  | 'vgg16_bn'
  | 'vgg19'
  | 'vgg19_bn'
  | 'googlenet'
  | 'inception_v2'
  | 'plain18'
  | 'plain34'
  | 'resnet18'
  | 'resnet34'
  | 'resnet50'
  | 'resnet101'
  | 'resnet152'
  | 'resnet20_cifar'
  | 'resnet32_cifar'
  | 'resnet44_cifar'
  | 'resnet56_cifar'
  | 'resnet110_cifar'
  | 'plain20_cifar'
  | 'plain32_cifar'
  | 'plain44_cifar'
  | 'plain56_cifar'
  | 'plain110_cifar'
  | 'resnet50_v2'
  | 'resnet101_v2'
  | 'resnet152_v2'
  | 'densenet121'
  | 'densenet161'
  | 'densenet169'
  | 'densenet201'
  | 'densenet40_cifar'
  | 'densenet100_cifar'
  | 'inception_v3'
  | 'inception_v4'
  | 'inception_resnet_v2'
  | 'xception'
  | 'squeezenet1_0'
  | 'squeezenet1_1'
  | 'mobilenet_v1_025'
  | 'mobilenet_v1_050'
  | 'mobilenet_v1_075'
  | 'mobilenet_v1_100'
  | 'nasnet_mobile'
  | 'nasnet_large'
  | 'mobilenet_v2_035'
  | 'mobilenet_v2_050'
  | 'mobilenet_v2_075'
  | 'mobilenet_v2_100'
  | 'mobilenet_v2_130'
  | 'mobilenet_v2_140'

const googlenet = async (): Promise<Architecture> => (await import('./families/googlenet.ts')).googlenetArchitecture
const inceptionV2 = async (): Promise<Architecture> =>
  (await import('./families/inception-v2.ts')).inceptionV2Architecture
const zfnet = async (): Promise<Architecture> => (await import('./families/zfnet.ts')).zfnetArchitecture
const alexnet = async (): Promise<Architecture> => (await import('./families/alexnet.ts')).alexnetArchitecture
const densenet = (name: DensenetName) => async (): Promise<Architecture> =>
  (await import('./families/densenet.ts')).densenets[name]
const densenetCifar = (name: DensenetCifarName) => async (): Promise<Architecture> =>
  (await import('./families/densenet-cifar.ts')).densenetsCifar[name]
const vgg = (name: VggName) => async (): Promise<Architecture> => (await import('./families/vgg.ts')).vggs[name]
const resnet = (name: ResnetName) => async (): Promise<Architecture> =>
  (await import('./families/resnet.ts')).resnets[name]
const resnetCifar = (name: ResnetCifarName) => async (): Promise<Architecture> =>
  (await import('./families/resnet-cifar.ts')).resnetsCifar[name]
const resnetV2 = (name: ResnetV2Name) => async (): Promise<Architecture> =>
  (await import('./families/resnet-v2.ts')).resnetsV2[name]
const squeezenet = (name: SqueezenetName) => async (): Promise<Architecture> =>
  (await import('./families/squeezenet.ts')).squeezenets[name]
const mobilenetV1 = (name: MobilenetV1Name) => async (): Promise<Architecture> =>
  (await import('./families/mobilenet-v1.ts')).mobilenetsV1[name]
const mobilenetV2 = (name: MobilenetV2Name) => async (): Promise<Architecture> =>
  (await import('./families/mobilenet-v2.ts')).mobilenetsV2[name]
const nasnet = (name: NasnetName) => async (): Promise<Architecture> =>
  (await import('./families/nasnet.ts')).nasnets[name]

const inceptionV3 = async (): Promise<Architecture> =>
  (await import('./families/inception-v3.ts')).inceptionV3Architecture
const inceptionV4 = async (): Promise<Architecture> =>
  (await import('./families/inception-v4.ts')).inceptionV4Architecture
const inceptionResnetV2 = async (): Promise<Architecture> =>
  (await import('./families/inception-resnet-v2.ts')).inceptionResnetV2Architecture
const xception = async (): Promise<Architecture> => (await import('./families/xception.ts')).xceptionArchitecture

// A family is loaded when the first of its networks is asked for.
const models: Readonly<Record<ModelName, () => Promise<Architecture>>> = {
  alexnet,
  zfnet,
  vgg11: vgg('vgg11'),
  vgg11_bn: vgg('vgg11_bn'),
  vgg13: vgg('vgg13'),
  vgg13_bn: vgg('vgg13_bn'),
  vgg16: vgg('vgg16'),
  vgg16_bn: vgg('vgg16_bn'),
  vgg19: vgg('vgg19'),
  vgg19_bn: vgg('vgg19_bn'),
  googlenet,
  inception_v2: inceptionV2,
  plain18: resnet('plain18'),
  plain34: resnet('plain34'),
  resnet18: resnet('resnet18'),
  resnet34: resnet('resnet34'),
  resnet50: resnet('resnet50'),
  resnet101: resnet('resnet101'),
  resnet152: resnet('resnet152'),
  resnet20_cifar: resnetCifar('resnet20_cifar'),
  resnet32_cifar: resnetCifar('resnet32_cifar'),
  resnet44_cifar: resnetCifar('resnet44_cifar'),
  resnet56_cifar: resnetCifar('resnet56_cifar'),
  resnet110_cifar: resnetCifar('resnet110_cifar'),
  plain20_cifar: resnetCifar('plain20_cifar'),
  plain32_cifar: resnetCifar('plain32_cifar'),
  plain44_cifar: resnetCifar('plain44_cifar'),
  plain56_cifar: resnetCifar('plain56_cifar'),
  plain110_cifar: resnetCifar('plain110_cifar'),
  resnet50_v2: resnetV2('resnet50_v2'),
  resnet101_v2: resnetV2('resnet101_v2'),
  resnet152_v2: resnetV2('resnet152_v2'),
  densenet121: densenet('densenet121'),
  densenet161: densenet('densenet161'),
  densenet169: densenet('densenet169'),
  densenet201: densenet('densenet201'),
  densenet40_cifar: densenetCifar('densenet40_cifar'),
  densenet100_cifar: densenetCifar('densenet100_cifar'),
  inception_v3: inceptionV3,
  inception_v4: inceptionV4,
  inception_resnet_v2: inceptionResnetV2,
  xception,
  squeezenet1_0: squeezenet('squeezenet1_0'),
  squeezenet1_1: squeezenet('squeezenet1_1'),
  mobilenet_v1_025: mobilenetV1('mobilenet_v1_025'),
  mobilenet_v1_050: mobilenetV1('mobilenet_v1_050'),
  mobilenet_v1_075: mobilenetV1('mobilenet_v1_075'),
  mobilenet_v1_100: mobilenetV1('mobilenet_v1_100'),
  nasnet_mobile: nasnet('nasnet_mobile'),
  nasnet_large: nasnet('nasnet_large'),
  mobilenet_v2_035: mobilenetV2('mobilenet_v2_035'),
  mobilenet_v2_050: mobilenetV2('mobilenet_v2_050'),
  mobilenet_v2_075: mobilenetV2('mobilenet_v2_075'),
  mobilenet_v2_100: mobilenetV2('mobilenet_v2_100'),
  mobilenet_v2_130: mobilenetV2('mobilenet_v2_130'),
  mobilenet_v2_140: mobilenetV2('mobilenet_v2_140'),
}

/** The names of all networks, by family and year. */
export const modelNames: readonly ModelName[] = Object.keys(models) as ModelName[]

/**
 * The architecture of a network: its body, flavors, dialects and records.
 *
 * @throws `UNKNOWN_MODEL` with the nearest names
 */
export function architectureOf(name: ModelName): Promise<Architecture> {
  const load = Object.hasOwn(models, name) ? models[name] : undefined
  if (load) return load()
  throw new CnnkitError('zoo', 'UNKNOWN_MODEL', `No model "${name}". There are ${modelNames.join(', ')}.`)
}
