// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX Runtime's CPU provider. After the job's arguments (job.h): the four dimensions of the input.
const fs = require('node:fs');
const ort = require('onnxruntime-node');

function floatsOf(path) {
  const bytes = fs.readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

// Resident, in MB (job.h says why not by getrusage).
function mostMemory() {
  return Number(/^VmHWM:\s+(\d+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}

function median(sorted) {
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

async function main([model, input, threads, warmups, inferences, output, ...dims]) {
  const pixels = new ort.Tensor('float32', floatsOf(input), dims.map(Number));
  const begin = performance.now();
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['cpu'], graphOptimizationLevel: 'all', intraOpNumThreads: Number(threads), interOpNumThreads: 1,
  });
  const load = performance.now() - begin;
  const feeds = {[session.inputNames[0]]: pixels};
  let scores;
  const times = [];
  for (let i = 0; i < Number(warmups) + Number(inferences); ++i) {
    const start = performance.now();
    scores = await session.run(feeds);
    times.push(performance.now() - start);
  }
  const sorted = times.slice(Number(warmups)).sort((a, b) => a - b);
  if (output !== '-') fs.writeFileSync(output, Buffer.from(scores[session.outputNames[0]].data.buffer));
  console.log(JSON.stringify({
    ms: median(sorted), best: sorted[0], load, first: times[0], rss: mostMemory(),
  }));
}

main(process.argv.slice(2)).catch((error) => { console.error(String(error.message)); process.exit(1); });
