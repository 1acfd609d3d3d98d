export { packDepthwise } from './depthwise'
export { packPanels } from './packing'
export { run, serve, settle } from './threads'
export { packWinograd } from './winograd'
