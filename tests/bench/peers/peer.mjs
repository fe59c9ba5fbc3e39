// Trains one workload with one JavaScript library for a while and prints
// {"rate": samples (w6: parameters) per second, "first": loss before, "last": loss after}.
//   node peer.mjs tfjs-wasm|tfjs-cpu|convnetjs|brainjs w1 SECONDS
// Exits with 3 where the library cannot do the workload.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [engine, id, seconds] = process.argv.slice(2);
const w = JSON.parse(readFileSync(new URL('./workloads.json', import.meta.url)))[id];
const scratch = process.env.LRLAB_PEERS ?? process.cwd();
const require = createRequire(path.join(scratch, 'package.json'));
const now = () => performance.now() / 1000;

// The same points for every library: uniform on [-1, 1], the class by the side of a curved border.
let seed = 1;
const random = () => ((seed = (seed * 48271) % 2147483647) / 2147483647) * 2 - 1;
const x = [], y = [];
for (let i = 0; i < (w.points ?? 0); ++i) {
  const p = Array.from({ length: w.inputs }, random);
  x.push(p);
  const s = p[0] * p[1] + 0.3 * p[0];
  y.push(w.outputs > 1 ? Math.min(9, Math.max(0, Math.floor((p[0] + p[1] + 2) * 2.5))) : s > 0 ? 1 : -1);
}

// Calls step(first) on consecutive slices until the time is over; then how many samples a second.
async function timed(step, units) {
  const batches = w.points ? Math.floor(w.points / w.batch) : 1;
  let k = 0;
  const warm = now() + Math.min(0.5, seconds / 3);
  while (now() < warm) await step((k++ % batches) * (w.batch ?? 0));
  const start = now();
  let n = 0;
  while (now() < start + Number(seconds)) {
    for (let i = 0; i < 4; ++i) await step((k++ % batches) * (w.batch ?? 0));
    n += 4;
  }
  return (n * units) / (now() - start);
}

const print = (rate, first, last) => console.log(JSON.stringify({ rate, first, last }));
const cannot = () => process.exit(3);

if (engine.startsWith('tfjs')) {
  const tf = require('@tensorflow/tfjs');
  if (engine === 'tfjs-wasm') {
    const wasm = require('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(path.join(scratch, 'node_modules/@tensorflow/tfjs-backend-wasm/dist/'));
    if (!(await tf.setBackend('wasm'))) cannot();
  } else {
    await tf.setBackend('cpu');
  }
  await tf.ready();
  if (id === 'w6') {
    const theta = tf.variable(tf.fill([w.parameters], 0.1));
    const grad = tf.fill([w.parameters], 0.01);
    const adam = tf.train.adam(w.lr);
    const rate = await timed(() => adam.applyGradients({ [theta.name]: grad }), w.parameters);
    print(rate, 1, 0);
  } else {
    const sizes = [w.inputs, ...w.hidden, w.outputs];
    const weights = [];
    for (let l = 0; l + 1 < sizes.length; ++l) {
      weights.push(tf.variable(tf.randomUniform([sizes[l], sizes[l + 1]], -1, 1, 'float32', l).mul(Math.sqrt(6 / (sizes[l] + sizes[l + 1])))));
      weights.push(tf.variable(tf.zeros([sizes[l + 1]])));
    }
    const act = (a, name) => (name === 'tanh' ? a.tanh() : name === 'relu' ? a.relu() : a);
    const net = (a) => {
      for (let l = 0; l < weights.length; l += 2)
        a = act(a.matMul(weights[l]).add(weights[l + 1]), l + 2 < weights.length ? w.activation : w.output);
      return a;
    };
    const xs = tf.tensor2d(x);
    const ys = w.outputs > 1 ? tf.oneHot(tf.tensor1d(y, 'int32'), w.outputs).toFloat() : tf.tensor2d(y, [y.length, 1]);
    const slices = [];  // made before the clock starts
    for (let b = 0; b + w.batch <= w.points; b += w.batch) slices.push([xs.slice(b, w.batch), ys.slice(b, w.batch)]);
    const loss = (a, t) => (w.outputs > 1 ? tf.losses.softmaxCrossEntropy(t, net(a)) : net(a).sub(t).square().mean());
    const optimizer = w.optimizer === 'adam' ? tf.train.adam(w.lr) : tf.train.sgd(w.lr);
    const total = () => tf.tidy(() => loss(xs, ys).dataSync()[0]);
    const first = total();
    const rate = await timed((b) => {
      const [a, t] = slices[b / w.batch];
      tf.tidy(() => optimizer.minimize(() => loss(a, t), false, weights));
    }, w.batch);
    print(rate, first, total());
  }
} else if (engine === 'convnetjs') {
  if (id === 'w6') cannot();
  const convnetjs = require('convnetjs');
  const layers = [{ type: 'input', out_sx: 1, out_sy: 1, out_depth: w.inputs }];
  for (const n of w.hidden) layers.push({ type: 'fc', num_neurons: n, activation: w.activation });
  layers.push(w.outputs > 1 ? { type: 'softmax', num_classes: w.outputs } : { type: 'regression', num_neurons: 1 });
  const net = new convnetjs.Net();
  net.makeLayers(layers);
  // 0.3.0 has no Adam: an unknown method is its (cheaper) SGD with momentum.
  const trainer = new convnetjs.Trainer(net, w.optimizer === 'adam'
    ? { method: 'adam', learning_rate: w.lr, beta1: 0.9, beta2: 0.999, eps: 1e-8, batch_size: w.batch, l2_decay: 0 }
    : { method: 'sgd', learning_rate: w.lr, momentum: 0, batch_size: w.batch, l2_decay: 0 });
  const vols = x.map((p) => new convnetjs.Vol(p));
  const label = (v) => (w.outputs > 1 ? v : [v]);
  const total = () => {
    let s = 0;
    // Version 0.3.0 tells the loss only from backward(), which also adds to the gradients: clear them.
    for (let i = 0; i < 200; ++i) { net.forward(vols[i]); s += net.backward(label(y[i])); }
    for (const p of net.getParamsAndGrads()) p.grads.fill(0);
    return s / 200;
  };
  const first = total();
  const rate = await timed((b) => { for (let i = b; i < b + w.batch; ++i) trainer.train(vols[i], label(y[i])); }, w.batch);
  print(rate, first, total());
} else if (engine === 'brainjs') {
  if (id === 'w6' || id === 'w5' || id === 'w3' || id === 'w4') cannot();  // no batches, no softmax; does not learn w3, w4
  const brain = require('brain.js');
  const net = new brain.NeuralNetwork({ hiddenLayers: w.hidden, activation: w.activation, learningRate: w.lr, inputSize: w.inputs, outputSize: 1, praxis: w.optimizer === 'adam' ? 'adam' : undefined });
  const pairs = x.map((p, i) => ({ input: p, output: [y[i]] }));
  net.train(pairs, { iterations: 1 });
  const prepared = net.formatData ? pairs.map((p) => ({ input: Float32Array.from(p.input), output: Float32Array.from(p.output) })) : pairs;
  const total = () => { let s = 0; for (let i = 0; i < 200; ++i) { const e = net.run(pairs[i].input)[0] - y[i]; s += e * e; } return s / 200; };
  const first = total();
  const rate = await timed((b) => { for (let i = b; i < b + w.batch; ++i) net.trainPattern(prepared[i]); }, w.batch);
  print(rate, first, total());
} else {
  console.error(`unknown library '${engine}'`);
  process.exit(2);
}
