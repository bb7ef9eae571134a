// SPDX-License-Identifier: GPL-3.0-or-later
// node run_ort.js JOBS.json: ONNX Runtime on the CPU. JOBS.json is a list of {model, input, dims, output, level}; input and output
// are files of raw float32, level is how much of the graph it may rewrite (all). One line a job on stdout: "ok", or the error.
const fs = require('fs');
const ort = require('onnxruntime-node');

async function run(job) {
  const session = await ort.InferenceSession.create(job.model, {intraOpNumThreads: 1, logSeverityLevel: 3, graphOptimizationLevel: job.level || 'all'});
  const bytes = fs.readFileSync(job.input);
  const floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const results = await session.run({[session.inputNames[0]]: new ort.Tensor('float32', floats, job.dims)});
  const scores = results[session.outputNames[0]].data;
  fs.writeFileSync(job.output, Buffer.from(scores.buffer, scores.byteOffset, scores.byteLength));
  return 'ok';
}

async function main() {
  for (const job of JSON.parse(fs.readFileSync(process.argv[2], 'utf8')))
    console.log(await run(job).catch((error) => String(error.message).split('\n')[0]));
}

main();
