// The experiments workspace, by mouse and by finger: found, used, cancelled, zoomed.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assert, kTop, test } from './harness.mjs';

const kQuery = 'v=1&dataset=moons&optimizer=adam&lr=0.01&hidden=8';

// Keeps the page's pools where a test can see them.
function watch_pools(page) {
  return page.addInitScript(() => {
    globalThis.hired = [];
    globalThis.watch = setInterval(() => {
      if (typeof JobPool === 'undefined') return;
      clearInterval(globalThis.watch);
      const hire = JobPool.prototype.hire;
      JobPool.prototype.hire = function () {
        globalThis.pool = this;
        return hire.call(this);
      };
    }, 1);
  });
}

async function experiments(t, kind, options = {}, prepare = () => {}) {
  const lab = await t.lab(`#${kQuery}`, options, async (page) => {
    await watch_pools(page);
    await prepare(page);
  });
  const phone = (options.viewport?.width ?? 1440) < 700, press = phone ? 'tap' : 'click';
  await lab[press](phone ? 'tab.Find' : 'workspace.Experiments');
  await lab[press](`job.kind.${kind}`);
  return lab;
}

// Types into a setting of the job, as a test may.
async function set(lab, id, text) {
  await lab.until(`there is ${id}`, (s, name) => s.controls.some((c) => c.id === name), id);  // perhaps scrolled out of sight
  assert.ok(await lab.command(`put ${id}=${text}`));
  await lab.until(`${id} is ${text}`, (s, [name, v]) => s.controls.some((c) => c.id === name && Number(c.value) === Number(v)), [id, text]);
}

function value(state, id) {
  return state.controls.find((c) => c.id === id).value;
}

// As it is drawn: then what stands beside it is the whole result.
const finished = (s) => s.controls.some((c) => c.id === 'job.progress' && c.value.endsWith('finished'));

test('experiments: the finder, started by mouse, marks the dial with the command line\'s numbers, and one is used', async (t) => {
  const lrlab = join(kTop, 'build/native/bin/lrlab');
  assert.ok(existsSync(lrlab), `${lrlab} is not built`);
  const text = execFileSync(lrlab, ['find-lr', '--query', kQuery, '--no-verify'], { encoding: 'utf8' });
  const lab = await experiments(t, 'Learning-rate finder');
  await lab.click('job.start');
  const state = await lab.until('the finder has found and checked', finished);
  const names = { Steepest: 'steepest', 'Minimum / 10': 'minimum', Valley: 'valley', Slide: 'slide', Lightning: 'lightning' };
  for (const [name, id] of Object.entries(names)) {
    const told = Number(text.split('\n').find((line) => line.startsWith(name)).slice(14).trim().split(/\s/)[0]);
    assert.equal(Number(Number(value(state, `range.${id}`)).toPrecision(4)), told, name);
    assert.match(state.controls.find((c) => c.id === `range.${id}`).label, /tried/);
  }
  const diverges = Number(/diverges at ([^ ]+)\.\n/.exec(text)[1]);
  assert.equal(Number(Number(value(state, 'range.divergence')).toPrecision(4)), diverges);
  const marks = (await lab.until('the marks are on the dial', (s) => s.controls.filter((c) => c.id.startsWith('lr.mark.')).length >= 6)).controls;
  assert.ok(marks.some((c) => c.id.startsWith('lr.mark.') && c.label.startsWith('Valley')));

  await lab.click('range.valley.use');
  const used = await lab.until('the rate is used', (s) => s.lanes[0].lr !== 0.01);
  assert.ok(Math.abs(used.lanes[0].lr / Number(value(state, 'range.valley')) - 1) < 0.006);
  await lab.click('range.slide.open');
  await lab.until('there is a second lane', (s) => s.lanes.length === 2);
});

test('experiments: cancelling is answered within 200 ms, and leaving ends all workers', async (t) => {
  const lab = await experiments(t, 'Sweep');
  await set(lab, 'steps.value', '1000000');
  await lab.click('job.start');
  await lab.control('job.cancel');
  const milliseconds = await lab.page.evaluate(async () => {
    const start = performance.now();
    if (!lrlab.command('press job.cancel')) return NaN;
    while (lrlab.state().job.running || pool.workers.length > 0) await new Promise((next) => setTimeout(next, 1));
    return performance.now() - start;
  });
  assert.ok(milliseconds < 200, `${milliseconds} ms`);

  await lab.click('job.start');
  await lab.until('it runs again', (s) => s.job?.running);
  await lab.click('workspace.Train');
  await lab.until('the training is back', (s) => s.controls.some((c) => c.id === 'plot.loss'));
  assert.equal(await lab.page.evaluate(() => pool.workers.length), 0);
});

test('experiments: a worker that dies is replaced, and the results are the same', async (t) => {
  t.expect_fault(/A worker of the lab ended/);
  const lab = await experiments(t, 'Ensemble');
  await lab.click('job.start');
  const whole = await lab.until('it is finished', finished);
  await set(lab, 'workers.value', '2');
  await lab.click('job.start');
  await lab.page.evaluate(async () => {
    const before = pool;
    while (pool === before || pool.workers.length < 2) await new Promise((next) => setTimeout(next, 1));
    pool.workers[0].worker.postMessage({ item: -1 });
  });
  const hurt = await lab.until('it is finished all the same', (s) => s.job?.replaced > 0 && !s.job.running && s.controls.some((c) => c.id === 'job.progress' && c.value.endsWith('finished')));
  assert.equal(hurt.job.done, hurt.job.total);
  for (const id of ['ensemble.train', 'ensemble.test', 'ensemble.accuracy']) assert.equal(value(hurt, id), value(whole, id));
});

// Where no worker can begin the page does the work, and says so.
for (const [how, prepare, fault] of [
  ['the browser refuses them', (page) => page.addInitScript(() => {
    globalThis.Worker = function () { throw new DOMException('no workers here', 'SecurityError'); };
  }), /could not begin/],
  ['their script is missing', (page) => page.route('**/worker.js', (route) => route.fulfill({ status: 404, body: '' })), /could not begin|404/],
]) {
  test(`experiments: without workers, since ${how}, the page does the work itself`, async (t) => {
    t.expect_fault(fault);
    const lab = await experiments(t, 'Ensemble', {}, prepare);
    await lab.click('job.start');
    const state = await lab.until('it is finished', finished);
    assert.equal(state.job.workers, 0);
    assert.equal(state.job.done, state.job.total);
    assert.ok(Number(value(state, 'ensemble.train')) > 0);
  });
}

test('experiments: a worker that falls silent is replaced', async (t) => {
  t.expect_fault(/A worker of the lab ended/);
  const lab = await experiments(t, 'Ensemble');
  await set(lab, 'workers.value', '2');
  await set(lab, 'steps.value', '5000');
  await lab.page.evaluate(() => { JobPool.patience = 1; });
  await lab.click('job.start');
  await lab.page.evaluate(async () => {
    while (!globalThis.pool || pool.workers.length < 2 || !pool.workers[0].ready) await new Promise((next) => setTimeout(next, 1));
    pool.workers[0].worker.terminate();  // nobody is told
  });
  const state = await lab.until('it is finished all the same', (s) => s.job?.replaced > 0 && !s.job.running && s.controls.some((c) => c.id === 'job.progress' && c.value.endsWith('finished')));
  assert.equal(state.job.done, state.job.total);
});

test('experiments: a map is zoomed by box and wheel, goes back, and a point of it becomes a lane', async (t) => {
  const lab = await experiments(t, 'Map');
  await set(lab, 'steps.value', '10');
  await lab.click('job.start');
  const whole = await lab.until('the map is drawn', finished);
  const corner = await lab.place('map', 0.3, 0.7), other = await lab.place('map', 0.6, 0.4);
  await lab.page.mouse.move(corner.x, corner.y);
  await lab.page.mouse.down();
  await lab.page.mouse.move(other.x, other.y, { steps: 8 });
  await lab.page.mouse.up();
  const part = await lab.until('the box is mapped', (s, axes) => s.job.job.axes.join() !== axes && !s.job.running && s.job.done === s.job.total, whole.job.job.axes.join());
  await lab.page.mouse.wheel(0, -300);
  await lab.until('the wheel has zoomed further', (s, axes) => s.job.job.axes.join() !== axes && s.job.done > 0, part.job.job.axes.join());
  await lab.click('map.whole');
  await lab.until('the whole map is back', (s, axes) => s.job.job.axes.join() === axes && !s.job.running, whole.job.job.axes.join());
  const point = await lab.place('map', 0.5, 0.5);
  await lab.page.mouse.click(point.x, point.y);
  await lab.until('the point is a lane', (s) => s.lanes.length === 2);
  assert.ok(await lab.variance() > 100);
});

test('experiments: by finger, on a phone', async (t) => {
  const lab = await experiments(t, 'Learning-rate finder', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await lab.tap('job.start');
  const state = await lab.until('the finder has found and checked', finished);
  assert.ok(Number(value(state, 'range.valley')) > 0);
  await lab.command('focus range.valley.use');  // scrolls there
  await lab.tap('range.valley.use');
  await lab.until('the rate is used', (s) => s.lanes[0].lr !== 0.01);
});

test('experiments: two fingers on a map zoom the map and not the page', async (t) => {
  const lab = await experiments(t, 'Map', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await set(lab, 'steps.value', '10');
  await lab.command('press job.start');
  const whole = await lab.until('the map is drawn', finished);
  const { x, y } = await lab.place('map', 0.5, 0.3), session = await lab.page.context().newCDPSession(lab.page);
  // No hand is so fast that all of it falls into one frame.
  const touch = async (type, ...fingers) => {
    await session.send('Input.dispatchTouchEvent', { type, touchPoints: fingers.map((dx, id) => ({ x: x + dx, y, id })) });
    await lab.page.evaluate(() => new Promise(requestAnimationFrame));
  };
  await touch('touchStart', -20);
  await touch('touchStart', -20, 20);
  for (let apart = 24; apart < 100; apart += 6) await touch('touchMove', -apart, apart);
  await touch('touchEnd');
  await lab.until('the map is zoomed', (s, axes) => s.job.job.axes.join() !== axes, whole.job.job.axes.join());
  assert.equal(await lab.page.evaluate(() => visualViewport.scale), 1);
});
