// How fast maps are: trainings per second natively with 1 and 2 threads, in the page with 1 and 2
// workers, and how many frames a second the page keeps while its pool works.
//   node tests/bench/maps.mjs [ROUNDS] [SIZE]
// Needs build/native/bin/lrlab, build/web/site and tests/browser's packages. One training: a 2-8-1
// network on 500 points, 500 full-batch steps; the map asked for is 256 × 256 of them, and a smaller one
// (SIZE, 32) tells the rate. One and two take turns, so that other work on the machine hits both; of
// each the best round counts, since nothing makes a machine faster than it is.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '../../web/serve.mjs';

const top = fileURLToPath(new URL('../..', import.meta.url));
const { chromium } = createRequire(join(top, 'tests/browser/'))('playwright-core');
const rounds = Number(process.argv[2] ?? 3), size = Number(process.argv[3] ?? 32);
const config = { dataset: 'moons', count: 500, test_fraction: 0, hidden: '8', optimizer: 'sgd', batch_size: 0 };
const axes = ['lr=0.001:1:log', 'init_scale=0.1:10:log'];
const job = { job: 'map', config, axes, steps: 500, size };

function native(threads) {
  const query = new URLSearchParams(config).toString();
  const start = performance.now();
  execFileSync(join(top, 'build/native/bin/lrlab'),
               ['map', '--query', query, '--grid', axes[0], '--grid', axes[1], '--steps', '500', '--size', String(size), '--jobs', String(threads)],
               { stdio: 'ignore' });
  return size * size / ((performance.now() - start) / 1000);
}

// From the first result to the last, so that fetching and compiling do not count.
function in_page(page, workers) {
  return page.evaluate(async ([text, count]) => {
    globalThis.compiled ??= await WebAssembly.compileStreaming(fetch('lrlab.wasm'));
    const pool = new JobPool(compiled, count), side = JSON.parse(text).size;
    // The pieces of a map, as grid.cpp deals them: only their number is needed here.
    let items = 0;
    for (let stride = side / 16; stride >= 1; stride /= 2)
      for (let y = 0; y < side; y += stride) {
        const half = stride < side / 16 && y % (2 * stride) === 0, step = half ? 2 * stride : stride;
        for (let x = half ? stride : 0; x < side; x += step * 16) items++;
      }
    pool.begin(text);
    for (let i = 0; i < items; i++) pool.push(i);
    let first = 0, cells = 0, at_first = 0;
    for (let done = 0; done < items;) {
      for (const result of pool.results.splice(0)) {
        done++;
        cells += result.cells.length / 11;
        if (!first) [first, at_first] = [performance.now(), cells];
      }
      await new Promise((next) => setTimeout(next, 1));
    }
    const seconds = (performance.now() - first) / 1000;
    pool.cancel();
    return (cells - at_first) / seconds;
  }, [JSON.stringify(job), workers]);
}

// Frames a second of the page while the workspace's own map is computed.
async function frames(page, workers) {
  const command = async (text) => {
    while (!await page.evaluate((words) => lrlab.command(words), text)) await new Promise((next) => setTimeout(next, 50));
    await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
  };
  await command('press workspace.Experiments');
  await command('press job.kind.Map');
  await command('put size=256');
  await command(`put workers.value=${workers}`);
  await command('press job.start');
  const rate = await page.evaluate(() => new Promise((done) => {
    const start = performance.now();
    let count = 0;
    requestAnimationFrame(function next(now) {
      count++;
      if (now - start < 5000) requestAnimationFrame(next);
      else done(count / ((now - start) / 1000));
    });
  }));
  await command('press job.cancel');
  return rate;
}

const best = { threads: [0, 0], workers: [0, 0] };
const server = await serve(join(top, 'build/web/site'), 0);
const browser = await chromium.launch({
  executablePath: process.env.LRLAB_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-dev-shm-usage'],
});
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/#${new URLSearchParams({ v: 1, ...config })}`);
await page.evaluate(() => lrlab.ready);
await page.evaluate(() => lrlab.command('pause'));
for (let round = 0; round < rounds; round++)
  for (const n of [1, 2]) {
    best.threads[n - 1] = Math.max(best.threads[n - 1], native(n));
    best.workers[n - 1] = Math.max(best.workers[n - 1], await in_page(page, n));
  }
const fps = [await frames(page, 1), await frames(page, 2)];
await browser.close();
server.close();

const rows = [['native, threads', best.threads], ['page, workers', best.workers]];
console.log(`${availableParallelism()} processors; trainings per second, best of ${rounds} rounds of a ${size} × ${size} map; a 256 × 256 map has 65,536`);
for (const [name, [one, two]] of rows)
  console.log(`${name.padEnd(16)} 1: ${one.toFixed(0)}  2: ${two.toFixed(0)}  ratio ${(two / one).toFixed(2)}  (a map: ${(65536 / one).toFixed(0)} s, ${(65536 / two).toFixed(0)} s)`);
console.log(`frames a second while the pool works, 1 worker: ${fps[0].toFixed(0)}, 2 workers: ${fps[1].toFixed(0)}`);
