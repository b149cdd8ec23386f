// A small training that is real: logistic regression by gradient descent, in plain Python, the same numbers each time.

export const trainingScript = `
import csv, json, math, os, sys

with open('config/config.json') as file:
    config = json.load(file)
with open('data/train.csv') as file:
    rows = [[float(cell) for cell in row] for row in csv.reader(file)]
weights = [0.0] * len(rows[0])
for epoch in range(config['epochs']):
    loss = 0.0
    for *features, label in rows:
        total = weights[-1] + sum(weight * feature for weight, feature in zip(weights, features))
        predicted = 1 / (1 + math.exp(-total))
        loss -= math.log(predicted if label else 1 - predicted)
        step = config['rate'] * (label - predicted)
        for at, feature in enumerate(features):
            weights[at] += step * feature
        weights[-1] += step
print('loss', round(loss / len(rows), 6))
os.makedirs('out/model', exist_ok=True)
with open('out/model/weights.json', 'w') as file:
    json.dump([round(weight, 9) for weight in weights], file)
with open('out/metrics.json', 'w') as file:
    json.dump({'loss': round(loss / len(rows), 9)}, file)
`

export const trainingConfig = JSON.stringify({ epochs: 20, rate: 0.1 })

/** Two clouds of points, apart by a line; no chance in it. */
export const trainingData = Array.from({ length: 2_000 }, (_, at) => {
  const x = ((at * 7919) % 1_000) / 500 - 1
  const y = ((at * 104_729) % 1_000) / 500 - 1
  return `${x},${y},${2 * x - y > 0.1 ? 1 : 0}`
}).join('\n')
