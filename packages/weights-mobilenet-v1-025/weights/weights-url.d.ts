/** The URL of weights.bin, where a bundler is told to copy the file (esbuild: `--loader:.bin=file`; Vite: `weights.bin?url`). */
declare const url: string
export default url
