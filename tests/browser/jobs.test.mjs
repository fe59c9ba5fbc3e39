// Jobs in the tab: plain Web Workers with the page's own module, the numbers of the command line.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, kTop, test } from './harness.mjs';

// In the page: runs a job's items in a pool, and what went on. `break_at`: a worker is made to fail
// once so many results are there. `files`: the data sets that the page fetched.
async function run_in_page(page, job, items, workers, break_at = -1, files = {}) {
  return page.evaluate(async ([text, count, size, fault, data]) => {
    globalThis.compiled ??= await WebAssembly.compileStreaming(fetch('lrlab.wasm'));
    const pool = new JobPool(compiled, data, size);
    const rows = [], start = performance.now();
    let first = 0;
    pool.begin(text);
    for (let i = 0; i < count; i++) pool.push(i);
    for (let done = 0; done < count && !pool.broken;) {
      for (const { item, cells } of pool.results.splice(0)) {
        rows[item] = Array.from(cells);
        first ||= performance.now();
        if (++done === fault) pool.workers[0].worker.postMessage({ item: -1 });
      }
      await new Promise((next) => setTimeout(next, 2));
    }
    const end = performance.now();
    const { replaced, broken } = pool;
    pool.cancel();
    return { rows, replaced, broken, workers: pool.workers.length, seconds: (end - start) / 1000, working: (end - first) / 1000 };
  }, [JSON.stringify(job), items, workers, break_at, files]);
}

const sweep = {
  job: 'sweep', config: { dataset: 'moons', optimizer: 'adam', hidden: '8' },
  axes: ['lr=0.001:1:log:8', 'activation=tanh,relu'], steps: 100, seeds: 2,
};

async function quiet_page(t) {
  const lab = await t.lab();
  await lab.command('pause');
  return lab.page;
}

test('jobs: workers compute the numbers of the command line, one or three of them', async (t) => {
  const page = await quiet_page(t);
  const lrlab = join(kTop, 'build/native/bin/lrlab');
  assert.ok(existsSync(lrlab), `${lrlab} is not built`);
  const text = execFileSync(lrlab, ['sweep', '--query', 'dataset=moons&optimizer=adam&hidden=8', '--grid', sweep.axes[0], '--grid', sweep.axes[1],
                                    '--steps', '100', '--seeds', '2', '--out', '-'], { encoding: 'utf8' });
  const names = ['tanh', 'relu'], ends = ['done', 'diverged', 'stopped'];
  const expected = text.trimEnd().split('\n').slice(1).map((line) => {
    const { item, ...row } = JSON.parse(line);
    return Object.values({ ...row, activation: names.indexOf(row.activation), end: ends.indexOf(row.end) });
  });
  assert.equal(expected.length, 32);
  for (const workers of [1, 3]) {
    const { rows } = await run_in_page(page, sweep, 32, workers);
    assert.deepEqual(rows.map((row) => row.map((v) => (Number.isNaN(v) ? null : v))), expected);
  }
});

test('jobs: workers get the data set that the page fetched', async (t) => {
  const page = await quiet_page(t);
  const files = { digits: readFileSync(join(kTop, 'assets/data/digits.txt'), 'utf8') };
  const job = { job: 'sweep', config: { dataset: 'digits' }, axes: ['lr=0.001:0.1:log:2'], steps: 50, seeds: 1 };
  const { rows } = await run_in_page(page, job, 2, 1, -1, files);
  const text = execFileSync(join(kTop, 'build/native/bin/lrlab'), ['sweep', '--query', 'dataset=digits', '--grid', job.axes[0], '--steps', '50', '--out', '-'], { encoding: 'utf8' });
  const losses = text.trimEnd().split('\n').slice(1).map((line) => JSON.parse(line).test_loss);
  assert.equal(losses.length, 2);
  for (const [i, row] of rows.entries()) assert.ok(row.includes(losses[i]), `${row} has no ${losses[i]}`);
});

test('jobs: a worker that dies is replaced and its items are done again', async (t) => {
  t.expect_fault(/A worker of the lab ended/);
  const page = await quiet_page(t);
  const whole = await run_in_page(page, sweep, 32, 2), hurt = await run_in_page(page, sweep, 32, 2, 5);
  assert.equal(whole.replaced, 0);
  assert.equal(hurt.replaced, 1);
  assert.deepEqual(hurt.rows, whole.rows);
  assert.equal(hurt.workers, 0);  // nothing is left running
});

test('jobs: an item that kills every worker ends the job instead of going on for ever', async (t) => {
  t.expect_fault(/A worker of the lab ended/);
  const page = await quiet_page(t);
  const { broken, replaced } = await run_in_page(page, { job: 'no such job' }, 3, 2);
  assert.ok(broken);
  assert.ok(replaced <= 6);
});

test('jobs: cancelling ends workers in the middle of a long item within 200 ms', async (t) => {
  const page = await quiet_page(t);
  const milliseconds = await page.evaluate(async () => {
    const pool = new JobPool(await WebAssembly.compileStreaming(fetch('lrlab.wasm')), {}, 2);
    pool.begin(JSON.stringify({ job: 'sweep', config: { dataset: 'spiral', hidden: '256,256' }, steps: 1e6 }));
    for (let i = 0; i < 4; i++) pool.push(i);
    await new Promise((next) => setTimeout(next, 500));
    const start = performance.now();
    pool.cancel();
    return performance.now() - start + pool.workers.length * 1e6;
  });
  assert.ok(milliseconds < 200, `${milliseconds} ms`);
});
