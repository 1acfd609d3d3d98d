import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readImage } from '@cnnkit/images'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { exitCodeOf } from './command.ts'
import { program } from './program.ts'

const flowers = fileURLToPath(new URL('../../../data/flowers-200', import.meta.url))
const daisy = join(flowers, 'daisy/100080576_f52e8ee070_n.jpg')

let folder: string
let few: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnkit-cli-'))
  few = join(folder, 'few')
  for (const kind of ['daisy', 'roses']) {
    await mkdir(join(few, kind), { recursive: true })
    const files = (await readdir(join(flowers, kind))).slice(0, 10)
    for (const file of files) await cp(join(flowers, kind, file), join(few, kind, file))
  }
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => {
  vi.restoreAllMocks()
  process.removeAllListeners('SIGINT')
})

/** Runs a command line in this process: what it prints, and the code it would exit with. */
async function run(...args: string[]): Promise<{ out: string; err: string; code: number }> {
  const printed = { out: '', err: '' }
  const collect = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
    printed[stream] += text
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(collect('out'))
  vi.spyOn(process.stderr, 'write').mockImplementation(collect('err'))
  try {
    await program('1.2.3').parseAsync(args, { from: 'user' })
    return { ...printed, code: 0 }
  } catch (error) {
    return { ...printed, err: `${printed.err}${(error as Error).message}`, code: exitCodeOf(error) }
  } finally {
    vi.restoreAllMocks()
  }
}

describe('cnnkit', () => {
  it('shows examples in the help of each command', async () => {
    const { out } = await run('--help')
    const commands = [...out.matchAll(/^ {2}(\w+) \[options\]/gm)].map((match) => match[1]!)
    expect(commands).toEqual(['classify', 'train', 'evaluate', 'explain', 'summary', 'models', 'doctor'])
    for (const command of commands) {
      const help = await run(command, '--help')
      expect(help.out).toContain(`$ cnnkit ${command}`)
      expect(help.code).toBe(0)
    }
  })

  it.each([
    [['classify'], "missing required argument 'photos'"],
    [['classify', '--top', 'x', 'a.jpg'], '"x" is not a whole number from 1.'],
    [['train', few, '--out', 'x', '--hold-out', '2'], '"2" is not a number between 0 and 1.'],
    [['classify', 'a.jpg', '--backend', 'cuda'], 'Allowed choices are wasm, webgpu, node-gpu.'],
    [['nonsense'], "unknown command 'nonsense'"],
  ])('%j is a wrong call: code 2', async (args, message) => {
    const { err, code } = await run(...args.map((arg) => arg ?? few))
    expect(err).toContain(message)
    expect(code).toBe(2)
  })
})

describe('classify', () => {
  it('names a daisy, for people and as JSON', async () => {
    const { out } = await run('classify', daisy)
    expect(out).toMatch(/9\d\.\d % {2}daisy +n11939491/)
    const [result] = JSON.parse((await run('classify', daisy, '--json', '--top', '2')).out)
    expect(result.predictions).toHaveLength(2)
    expect(result.predictions[0]).toMatchObject({ name: 'daisy', id: 'n11939491', index: 985 })
  })

  it('says what is wrong with a file, a model: code 1', async () => {
    const note = join(folder, 'note.jpg')
    await writeFile(note, 'no picture')
    expect(await run('classify', note)).toMatchObject({ code: 1, err: expect.stringContaining('note.jpg') })
    const { err, code } = await run('classify', daisy, '--model', 'resnet5')
    expect(err).toContain('"resnet5" is neither a folder with a model.json nor a model of the zoo: ')
    expect(code).toBe(1)
  })
})

describe('explain', () => {
  it('writes the picture with its map', async () => {
    const out = join(folder, 'map.png')
    const { out: said } = await run('explain', daisy, '--out', out)
    expect(said).toContain('what mobilenet_v1_025 looked at (grad-cam, stage5, 7 x 7) for "daisy"')
    const [map, picture] = [await readImage(out), await readImage(daisy)]
    expect([map.width, map.height]).toEqual([picture.width, picture.height])
  })

  it('draws by the ending of the file, with a method, a class by its words and a box', async () => {
    const out = join(folder, 'map.svg')
    const args = [
      '--method',
      'LayerCAM',
      '--class',
      'sulphur butterfly',
      '--layer',
      'stage4,stage5',
      '--threshold',
      'otsu',
    ]
    const { out: said } = await run('explain', daisy, ...args, '--out', out, '--json')
    const result = JSON.parse(said)
    expect(result).toMatchObject({ method: 'layer-cam', layer: 'stage4, stage5', class: { name: 'sulphur butterfly' } })
    expect(result.values).toHaveLength(224 * 224)
    const drawing = await readFile(out, 'utf8')
    expect(drawing).toContain('looked at for &quot;sulphur butterfly&quot; (layer-cam, stage4, stage5)')
    expect(drawing.match(/<rect /g)).toHaveLength(2 * result.regions.length)
  })

  it('tells what the picture speaks for and against as lists of numbers', async () => {
    const { out: said } = await run('explain', daisy, '--json', '--out', join(folder, 'map.png'))
    const { values, raw, height, width } = JSON.parse(said)
    expect([values.length, raw.length]).toEqual([height * width, height * width])
    expect(Math.max(...values)).toBe(1)
  })

  it('draws all methods side by side', async () => {
    const out = join(folder, 'maps.png')
    const { out: said } = await run('explain', daisy, '--sheet', '--channels', '4', '--json', '--out', out)
    const { methods } = JSON.parse(said)
    expect(methods.map(({ method }: { method: string }) => method)).toContain('score-cam')
    for (const { deletion, insertion } of methods) expect(insertion).toBeGreaterThan(deletion)
    const sheet = await readImage(out)
    expect(sheet.width).toBe(2 * (5 * 244 + 20))
  }, 240_000)

  it('stops a slow method at Ctrl-C and writes nothing', async () => {
    const out = join(folder, 'stopped.png')
    const stopped = run('explain', daisy, '--method', 'score-cam', '--out', out)
    // A log gets a line every few seconds: here with every batch.
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 6000))
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      if (`${text}`.includes('score-cam 12 % 32 of 256')) process.emit('SIGINT')
      return true
    })
    expect(await stopped).toMatchObject({ code: 130, err: expect.stringContaining(`Stopped; ${out} was not written.`) })
    expect(existsSync(out)).toBe(false)
  })

  it.each([
    [['--class', 'tabb'], 'No class "tabb". Near: "tabby".'],
    [['--class', 'taby'], 'No class "taby". Near: "tabby".'],
    [['--class', 'cat'], 'Give the whole name, in quotes.'],
    [['--class', '1000'], 'No class "1000". There are 1000, such as'],
    [['--method', 'grad'], 'No method "grad". There are: grad-cam, grad-cam++, hires-cam'],
    [['--out', 'map.gif'], '"map.gif" ends in none of .png, .jpg and .svg'],
    [['--threshold', '2'], '"2" is neither a share of the maximum (0.2), otsu nor a percentile (p80).'],
  ])('%j is a wrong call that is told what there is', async (args, message) => {
    expect(await run('explain', daisy, ...args)).toMatchObject({ code: 2, err: expect.stringContaining(message) })
  })
})

describe('train and evaluate', () => {
  it('teach two kinds of flowers, save model and report, and measure', async () => {
    const out = join(folder, 'trained')
    const { out: said, code } = await run('train', few, '--epochs', '4', '--out', out, '--json')
    expect(code).toBe(0)
    const figures = JSON.parse(said)
    expect(figures).toMatchObject({ total: 4, classes: ['daisy', 'roses'] })
    expect(figures.history).toHaveLength(4)
    expect(existsSync(join(out, 'checkpoint'))).toBe(false)
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('roses')
    const evaluated = await run('evaluate', few, '--model', join(out, 'model'))
    expect(evaluated.out).toMatch(/% right \(\d+ of 20; 95 % interval/)
    expect(evaluated.out).toMatch(/cross-entropy \d\.\d{3} nats, Brier score \d\.\d{3}, probabilities off by .+ %/)
    expect(evaluated.out).toMatch(/^class +precision +recall +F1 +pictures$/m)
    expect(evaluated.out).toMatch(/^mean of the classes .+ 20$/m)
    const known = await run('classify', daisy, '--model', join(out, 'model'))
    expect(known.out).toMatch(/daisy|roses/)
  })

  it('stop at Ctrl-C with a checkpoint, say how to go on, and go on', async () => {
    const out = join(folder, 'stopped')
    const args = ['train', few, '--epochs', '200', '--out', out]
    const stopped = run(...args)
    await vi.waitUntil(() => existsSync(join(out, 'checkpoint')), { timeout: 30_000, interval: 1 })
    process.emit('SIGINT')
    const { err, code } = await stopped
    expect(code).toBe(130)
    expect(err).toContain(`Its state is in ${join(out, 'checkpoint')}: run the same again to go on.`)
    expect(existsSync(join(out, 'model'))).toBe(false)
    const other = await run('train', few, '--epochs', '3', '--out', out)
    expect(other.err).toContain('epochs was 200 and is 3')
    const resumed = await run(...args)
    expect(resumed.code).toBe(0)
    expect(existsSync(join(out, 'model', 'model.json'))).toBe(true)
  })

  it('leave out a picture that cannot be read, and say so on the terminal and on the page', async () => {
    const photos = join(folder, 'one-bad')
    await cp(few, photos, { recursive: true })
    await writeFile(join(photos, 'roses', 'broken.jpg'), 'no picture')
    const out = join(folder, 'from-one-bad')
    const trained = await run('train', photos, '--epochs', '1', '--out', out)
    expect(trained.code).toBe(0)
    expect(trained.err).toMatch(/Left out: .*broken\.jpg" is not a picture/)
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('left out: roses/broken.jpg.')
    expect((await readdir(out)).sort()).toEqual(['model', 'report.html'])
    const page = join(folder, 'page.html')
    const { err, out: said } = await run('evaluate', photos, '--model', join(out, 'model'), '--report', page, '--json')
    expect(err).toContain('broken.jpg')
    expect(JSON.parse(said)).toMatchObject({ total: 20, calibrationError: expect.any(Number) })
    const text = await readFile(page, 'utf8')
    for (const part of ['left out: roses/broken.jpg.', 'Calibration', 'Brier score']) expect(text).toContain(part)
  })

  it('refuse a folder with one class', async () => {
    const single = join(folder, 'single')
    await cp(join(few, 'daisy'), join(single, 'daisy'), { recursive: true })
    expect(await run('train', single, '--out', join(folder, 'x'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('single'),
    })
  })

  it('refuse a model that knows other classes', async () => {
    expect(await run('evaluate', few, '--model', 'mobilenet_v1_025')).toMatchObject({
      code: 1,
      err: expect.stringContaining('daisy, roses'),
    })
  })
})

describe('summary and models', () => {
  it('count as Keras does', async () => {
    expect((await run('summary', 'resnet50')).out).toContain('25,636,712 parameters, 25,583,592 of them trainable')
    const models = JSON.parse((await run('models', '--json')).out)
    expect(models.find(({ name }: { name: string }) => name === 'resnet50')).toMatchObject({
      parameters: 25_636_712,
      multiplyAccumulates: 3_857_973_248,
    })
  })
})
