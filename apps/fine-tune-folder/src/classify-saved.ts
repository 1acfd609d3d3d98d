// A program of its own: loads a saved model and classifies a photograph, as another program of yours would.
import { readImage } from '@cnnkit/images'
import { classify, loadModel } from '@cnnkit/zoo'
import { startBackend } from 'cnnkit'

const [folder, photo, threads] = process.argv.slice(2)
await startBackend(threads === undefined ? undefined : Number(threads))
const model = await loadModel(folder!)
process.stdout.write(JSON.stringify(await classify(model, await readImage(photo!))))
