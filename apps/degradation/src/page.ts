import { curvesSvg } from '@cnnkit/report'
import { depthCost, finalLoss, networks, type Records, signed, smoothed } from './degradation.ts'
import { gradientChart } from './gradient-chart.ts'
import type { Schedule } from './train.ts'

/** The page: final losses, what depth costs, and the two charts. It stands by itself. */
export async function page(records: Records, schedule: Schedule): Promise<string> {
  const { steps, batchSize, learningRate, seed } = schedule
  const width = Math.max(1, Math.round(steps / 20))
  const runs = networks.map((name) => ({
    name,
    epochs: smoothed(records[name], width).map(({ step, loss }) => ({ epoch: step, loss })),
  }))
  const cost = depthCost(records)
  const rows = networks.map((name) => `<tr><td>${name}</td><td>${finalLoss(records[name]).toFixed(3)}</td></tr>`)
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Degradation</title>
<style>body{font:16px system-ui,sans-serif;max-width:920px;margin:2em auto;padding:0 1em}td,th{text-align:left;padding:.2em 1em .2em 0}</style></head>
<body>
<h1>Depth with and without shortcuts</h1>
<p>CIFAR-10, ${steps} steps of ${batchSize} pictures, momentum 0.9, rate ${learningRate}, seed ${seed}. He et al. 2015, section 4.2.</p>
<table><thead><tr><th>network</th><th>loss, last tenth of the steps</th></tr></thead><tbody>${rows.join('')}</tbody></table>
<p>36 more layers change the loss of the plain network by ${signed(cost.plain)}, of the residual one by ${signed(cost.residual)}.</p>
<h2>Training loss</h2>
<p>Means over ${width} steps; the axis counts steps.</p>
${await curvesSvg(runs, { metric: 'loss', width: 900 })}
<h2>Norm of the gradient by stage</h2>
${gradientChart(records)}
</body>
</html>
`
}
