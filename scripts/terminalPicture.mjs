#!/usr/bin/env node
// Draws what a command left in a terminal as an SVG, for the README:
//   script -qec 'npm run demo -- --once' demo.typescript
//   node scripts/terminalPicture.mjs 'npm run demo' demo.typescript 'What it cost' > docs/pictures/demo.svg
// The third is where to stop: before the first line that has it. The same recording gives the same picture.
import { readFileSync } from 'node:fs'

const columnWidth = 8.4
const lineHeight = 20
const margin = 20
const barHeight = 34
const mostColumns = 112

// What clack's colours are in the picture; the rest of SGR it does not use.
const colours = { 32: '#3fb950', 31: '#f85149', 36: '#39c5cf', 90: '#6e7681' }
const plain = '#e6edf3'

const escapeCode = String.fromCharCode(27)
const restart = new RegExp(`\\r|${escapeCode}\\[2K`)
const cursor = new RegExp(`${escapeCode}\\[\\?25[lh]`, 'g')
const colouring = new RegExp(`${escapeCode}\\[(\\d+)m`)

const [command, recording, end] = process.argv.slice(2)
if (command === undefined || recording === undefined) {
  process.stderr.write(
    'usage: terminalPicture.mjs <the command shown> <recording made by script> [where to stop]\n',
  )
  process.exit(2)
}

/** What is left of a line once all has been drawn: spinners erase themselves. */
function settled(line) {
  const kept = line.replace(/\r$/, '').split(restart).at(-1) ?? ''
  return kept.replace(cursor, '')
}

/** Runs of one colour: `[{ colour, text }]`. */
function runsOf(line) {
  let colour = plain
  return line.split(colouring).flatMap((part, index) => {
    if (index % 2 === 1) colour = colours[part] ?? plain
    return index % 2 === 1 || part === '' ? [] : [{ colour, text: part }]
  })
}

/** As a terminal of that width would, but between words and below the text. */
function wrapped(runs) {
  const last = runs.at(-1)
  const before = runs.slice(0, -1).reduce((sum, { text }) => sum + text.length, 0)
  if (last === undefined || before + last.text.length <= mostColumns) return [runs]
  const at = last.text.lastIndexOf(' ', mostColumns - before)
  const first = [...runs.slice(0, -1), { ...last, text: last.text.slice(0, at) }]
  return [first, ...wrapped([{ ...last, text: `   ${last.text.slice(at + 1)}` }])]
}

/** Nothing, or only the bar that joins two paragraphs. */
function isEmpty(line) {
  return (
    line !== undefined &&
    /^[\s│]*$/.test(
      runsOf(line)
        .map(({ text }) => text)
        .join(''),
    )
  )
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function drawn(runs, index) {
  const spans = runs.map(({ colour, text }) => `<tspan fill="${colour}">${escaped(text)}</tspan>`).join('')
  const y = barHeight + margin + index * lineHeight
  return `<text x="${margin}" y="${y}">${spans}</text>`
}

const all = readFileSync(recording, 'utf8')
  .split('\n')
  .filter(line => !/^Script (started|done) on /.test(line))
  .map(settled)
const stop = end === undefined ? -1 : all.findIndex(line => line.includes(end))
const told = stop === -1 ? all : all.slice(0, stop)
while (isEmpty(told.at(-1))) told.pop()
const lines = [
  [
    { colour: colours[32], text: '$ ' },
    { colour: plain, text: command },
  ],
  ...told.map(runsOf).flatMap(wrapped),
]
const columns = Math.max(...lines.map(runs => runs.reduce((sum, { text }) => sum + text.length, 0)))
const width = Math.ceil(columns * columnWidth + 2 * margin)
const height = barHeight + margin + lines.length * lineHeight

process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>What ${escaped(command)} tells in a terminal</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre }
</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117" stroke="#30363d"/>
<circle cx="20" cy="18" r="6" fill="#ff5f57"/><circle cx="40" cy="18" r="6" fill="#febc2e"/><circle cx="60" cy="18" r="6" fill="#28c840"/>
${lines.map(drawn).join('\n')}
</svg>
`)
