import { CnnkitError } from '@cnnkit/errors'
import type { Report, ReportPicture, Run } from './report.ts'
import { checkConfusionMatrix } from './statistics/confusion-matrix.ts'

function checkShare(where: string, share: number | null | undefined): void {
  if (share === undefined || share === null || Number.isNaN(share) || (share >= 0 && share <= 1)) return
  throw new CnnkitError(
    'report',
    'BAD_SHARE',
    `${where} is ${share}. Accuracies and probabilities are shares from 0 to 1: divide percent by 100.`,
  )
}

function checkPicture(where: string, picture: ReportPicture | undefined): void {
  if (!picture) return
  const { mime, bytes } = picture
  if (!/^image\/[\w.+-]+$/.test(mime)) {
    throw new CnnkitError(
      'report',
      'BAD_PICTURE',
      `${where} has the type "${mime}". Give that of a picture: "image/jpeg".`,
    )
  }
  if (typeof bytes === 'string' ? !/^[\w+/]+={0,2}$/.test(bytes) : !(bytes instanceof Uint8Array && bytes.length > 0)) {
    throw new CnnkitError(
      'report',
      'BAD_PICTURE',
      `${where} has no bytes. Give an encoded picture, as bytes or as base64.`,
    )
  }
}

function checkRun(where: string, run: Run): void {
  checkShare(`${where}.accuracy`, run.accuracy)
  checkShare(`${where}.trainingAccuracy`, run.trainingAccuracy)
  run.interval.forEach((share, index) => {
    checkShare(`${where}.interval[${index}]`, share)
  })
  if (run.interval[0] > run.interval[1]) {
    throw new CnnkitError(
      'report',
      'BAD_INTERVAL',
      `${where}.interval is [${run.interval.join(', ')}]. Give the lower end first.`,
    )
  }
  run.epochs?.forEach((epoch, index) => {
    checkShare(`${where}.epochs[${index}].accuracy`, epoch.accuracy)
    checkShare(`${where}.epochs[${index}].validationAccuracy`, epoch.validationAccuracy)
  })
  if (run.confusion) checkConfusionMatrix(run.confusion, `${where}.confusion`)
  run.mistakes?.forEach((mistake, index) => {
    checkShare(`${where}.mistakes[${index}].probability`, mistake.probability)
    checkShare(`${where}.mistakes[${index}].truthProbability`, mistake.truthProbability)
    checkPicture(`${where}.mistakes[${index}].picture`, mistake.picture)
    checkPicture(`${where}.mistakes[${index}].map`, mistake.map)
  })
}

/** @throws CnnkitError that names the first value in the report which cannot be meant */
export function checkReport(report: Report): void {
  report.runs.forEach((run, index) => {
    checkRun(`runs[${index}]`, run)
  })
  report.examples?.forEach((example, index) => {
    checkPicture(`examples[${index}].picture`, example.picture)
    checkPicture(`examples[${index}].map`, example.map)
    for (const { probability } of example.top) checkShare(`examples[${index}].top`, probability)
  })
}
