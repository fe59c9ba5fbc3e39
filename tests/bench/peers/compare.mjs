// The interleaved run: every library takes its turn in every round, so that a slow minute of the
// machine hits all alike. Prints medians of the rounds and ratios.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const [rounds, seconds, root] = process.argv.slice(2);
const here = fileURLToPath(new URL('.', import.meta.url));
const workloads = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6'];

const peer = (engine) => (id) => JSON.parse(execFileSync('node', [`${here}/peer.mjs`, engine, id, seconds], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim().split('\n').pop());
const torch = (mode) => (id) => JSON.parse(execFileSync('/usr/bin/python3', [`${here}/peer.py`, mode, id, seconds], { stdio: ['ignore', 'pipe', 'ignore'] }));
const ours = (command) => (id) => {
  const j = JSON.parse(execFileSync(command[0], [...command.slice(1), 'bench', '--json', '--seconds', seconds, id], { stdio: ['ignore', 'pipe', 'ignore'] }));
  const w = j.workloads[0];
  return { rate: w.rate, first: w.first_loss ?? 1, last: w.last_loss ?? 0 };
};
const engines = {
  'lrlab, native': ours([`${root}/build/native/bin/lrlab`]),
  'lrlab, wasm under Node': ours(['node', `${root}/build/web/bin/lrlab.js`]),
  'TensorFlow.js, wasm': peer('tfjs-wasm'),
  'TensorFlow.js, cpu': peer('tfjs-cpu'),
  ConvNetJS: peer('convnetjs'),
  'brain.js': peer('brainjs'),
  'PyTorch, 1 thread': torch('plain'),
  'PyTorch, 1 thread, foreach': torch('foreach'),
};

const rates = {};
for (let round = 1; round <= Number(rounds); ++round)
  for (const id of workloads)
    for (const [name, measure] of Object.entries(engines)) {
      process.stderr.write(`\rround ${round} of ${rounds}: ${id} ${name}                    `);
      let r;
      try {
        r = measure(id);
      } catch (error) {
        if (error.status !== 3) console.error(`\n${name} failed on ${id}: ${String(error.message).split('\n')[0]}`);
        continue;
      }
      if (!(r.last < r.first)) console.error(`\n${name} did not learn ${id}: loss ${r.first} to ${r.last}`);
      ((rates[name] ??= {})[id] ??= []).push(r.rate);
    }
process.stderr.write('\n');

const median = (list) => (list?.length ? [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] : undefined);
const show = (v) => (v === undefined ? '-' : v >= 1e9 ? `${(v / 1e9).toFixed(2)} G` : v >= 1e6 ? `${(v / 1e6).toFixed(2)} M` : `${(v / 1e3).toFixed(1)} k`);
const at = (name, id) => median(rates[name]?.[id]);
console.log(`Medians of ${rounds} interleaved rounds of ${seconds} s, one core of ${cpus()[0].model.trim()}, ${new Date().toISOString().slice(0, 10)}; samples (w6: parameters) per second:\n`);
console.log(`| | ${workloads.join(' | ')} |\n|---|${workloads.map(() => '---').join('|')}|`);
for (const name of Object.keys(engines)) console.log(`| ${name} | ${workloads.map((id) => show(at(name, id))).join(' | ')} |`);
const best = (names, id) => Math.max(...names.map((n) => at(n, id) ?? 0));
const ratio = (mine, others) => workloads.map((id) => { const b = best(others, id); return b ? `${(at(mine, id) / b).toFixed(1)}x` : '-'; });
console.log(`| **wasm over the best JavaScript or wasm peer** | ${ratio('lrlab, wasm under Node', ['TensorFlow.js, wasm', 'TensorFlow.js, cpu', 'ConvNetJS', 'brain.js']).join(' | ')} |`);
console.log(`| **native over PyTorch** | ${ratio('lrlab, native', ['PyTorch, 1 thread', 'PyTorch, 1 thread, foreach']).join(' | ')} |`);
