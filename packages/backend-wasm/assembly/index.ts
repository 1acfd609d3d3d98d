export { packDepthwise } from './depthwise'
export { packPanels } from './packing'
export { run, serve } from './threads'
export { packWinograd } from './winograd'
