/** What a training step runs around the network: the losses and the optimizers of @cnnkit/transfer and of TensorFlow.js. */
export const aroundTraining: readonly string[] = ['Add', 'Multiply', 'RealDiv', 'Sqrt', 'Square', 'Sub']

/** What the methods of @cnnkit/cam run around the network. */
export const aroundMap: readonly string[] = ['Mean', 'Multiply', 'Relu', 'ResizeBilinear', 'Sum']
