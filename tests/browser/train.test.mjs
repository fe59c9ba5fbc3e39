// Training, as a person drives it; and the same bits as everywhere else.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assert, kTop, skip, test, wait } from './harness.mjs';

test('play trains: steps are counted and the loss moves; pause holds it', async (t) => {
  const lab = await t.lab('#v=1');
  const before = await lab.state();
  assert.equal(before.playing, false);
  await lab.click('play');
  const after = await lab.until('100 steps are taken', (s) => s.step >= 100);
  assert.notEqual(after.lanes[0].theta_hash, before.lanes[0].theta_hash);
  assert.notEqual(after.lanes[0].train_loss, before.lanes[0].train_loss);
  await lab.click('play');
  const paused = await lab.until('it is paused', (s) => !s.playing);
  assert.equal((await lab.state()).step, paused.step);
});

test('one step is one step, and reset leads back to the same start', async (t) => {
  const lab = await t.lab('#v=1');
  const start = (await lab.state()).lanes[0].theta_hash;
  await lab.click('step');
  const one = await lab.until('one step is taken', (s) => s.step === 1);
  await lab.click('step');
  await lab.until('two steps are taken', (s) => s.step === 2);
  await lab.click('reset');
  const again = await lab.until('it is reset', (s) => s.step === 0);
  assert.equal(again.lanes[0].theta_hash, start);
  await lab.click('step');
  assert.equal((await lab.until('one step is taken', (s) => s.step === 1)).lanes[0].theta_hash, one.lanes[0].theta_hash);
});

test('on the spiral the training loss falls, and the network learns its shape', async (t) => {
  const lab = await t.lab('#v=1&dataset=spiral&optimizer=adam&lr=0.01&hidden=32,32');
  const before = await lab.state();
  await lab.command('run 3000');
  const { lanes: [lane] } = await lab.state();
  assert.ok(lane.train_loss < 0.1 * before.lanes[0].train_loss, `${before.lanes[0].train_loss} fell to ${lane.train_loss}`);
  assert.ok(lane.test_accuracy > 0.95, `test accuracy ${lane.test_accuracy}`);
  await lab.shot('spiral-learnt');
});

test('the dial dragged towards 10 with SGD ends in "diverged" at the rate that did it, 10 itself does so at once, and the page lives on', async (t) => {
  const lab = await t.lab('#v=1&dataset=spiral&lr=0.01');
  await lab.click('play');
  await lab.until('it trains', (s) => s.step > 5);
  await lab.drag('lr', 0.3, 0.999);
  const end = await lab.until('it has diverged', (s) => s.lanes[0].verdict === 'diverged');
  assert.ok(end.lanes[0].lr > 0.2, `the dial stands at ${end.lanes[0].lr}`);
  await lab.type('lr.value', '10');
  await lab.until('10 is too high, too', (s) => s.lanes[0].lr === 10 && s.lanes[0].verdict === 'diverged');
  await lab.shot('diverged');
  await lab.command('pause');
  await lab.click('reset');
  await lab.until('it is reset', (s) => s.lanes[0].step === 0 && s.lanes[0].verdict !== 'diverged');
  await lab.command('set lr=0.05');
  await lab.command('run 50');
  const lane = (await lab.state()).lanes[0];
  assert.equal(lane.step, 50);
  assert.ok(Number.isFinite(lane.train_loss));
});

test('the learning rate can be typed, exactly', async (t) => {
  const lab = await t.lab('#v=1');
  await lab.type('lr.value', '0.0123');
  await lab.until('it is taken', (s) => s.lanes[0].lr === 0.0123);
  await lab.type('lr.value', '3e-4');
  await lab.until('it is taken', (s) => s.lanes[0].lr === 3e-4);
});

test('a learning rate that is none is refused with a word, and changes nothing', async (t) => {
  const lab = await t.lab('#v=1&lr=0.02');
  await lab.type('lr.value', '1e999');
  await lab.until('there is a notice', (s) => s.notices.length > 0);
  const { lanes: [lane] } = await lab.state();
  assert.ok(lane.lr > 0 && lane.lr <= 10);
  await lab.command('run 3');
  assert.equal((await lab.state()).lanes[0].step, 3);
});

test('the dial turned while training acts at once, without a new start', async (t) => {
  const lab = await t.lab('#v=1&lr=0.001');
  await lab.click('play');
  await lab.until('it trains', (s) => s.step > 20);
  await lab.drag('lr', 0.43, 0.6);
  const state = await lab.until('the rate has changed', (s) => s.lanes[0].lr > 0.002);
  assert.ok(state.step > 20, `at step ${state.step}: the run was kept`);
  await lab.until('it goes on', (s, step) => s.step > step, state.step);
});

test('another optimizer is chosen from its list', async (t) => {
  const lab = await t.lab('#v=1');
  await lab.choose('optimizer', 'Adam');
  const state = await lab.until('it is Adam', (s) => /optimizer=adam/.test(s.lanes[0].query));
  assert.match(state.query, /optimizer=adam/);
  await wait(lab.page, () => location.hash.includes('optimizer=adam'));  // a link to it
});

test('the address holds the state: opened again it is the same run, bit for bit', async (t) => {
  const lab = await t.lab('#v=1');
  await lab.choose('optimizer', 'Adam');
  await lab.type('lr.value', '0.004');
  await wait(lab.page, () => /lr=0\.004/.test(location.hash));
  await lab.command('reset');
  await lab.command('run 200');
  const { lanes: [first] } = await lab.state();
  const again = await t.lab(new URL(lab.page.url()).hash);
  await again.command('run 200');
  assert.equal((await again.state()).lanes[0].theta_hash, first.theta_hash);
});

test('a query behind "?" is read too, and behind "#" it wins', async (t) => {
  assert.equal((await (await t.lab('?v=1&lr=0.007')).state()).lanes[0].lr, 0.007);
  assert.equal((await (await t.lab('?v=1&lr=0.007#v=1&lr=0.008')).state()).lanes[0].lr, 0.008);
});

test('changing the part behind "#" by hand loads what it says', async (t) => {
  const lab = await t.lab('#v=1&lr=0.007');
  await lab.page.evaluate(() => { location.hash = 'v=1&lr=0.009'; });
  await lab.until('it is loaded', (s) => s.lanes[0].lr === 0.009);
});

// ---- the same bits ----

// The result of the command line for a query, by whichever build of it there is. (Its own bits are
// guarded by tests/golden/hashes.json.)
function command_line(query, steps) {
  const tool = [[process.env.LRLAB_CLI], [join(kTop, 'build/native/bin/lrlab')], ['node', join(kTop, 'build/web/bin/lrlab.js')]]
    .find((parts) => existsSync(parts[parts.length - 1] ?? ''));
  if (!tool) skip('there is no build of the command line to compare with');
  const [program, ...first] = tool;
  return JSON.parse(execFileSync(program, [...first, 'run', '--query', query, '--steps', String(steps), '--json'],
                                 { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}

async function run_in_page(t, query, steps) {
  const lab = await t.lab(`#v=1&${query}`);
  assert.deepEqual((await lab.state()).notices, [], 'the query is understood');
  assert.ok(await lab.command(`run ${steps}`));
  return (await lab.state()).lanes[0];
}

const kScenarios = [
  'dataset=spiral&optimizer=sgd&lr=0.1',
  'dataset=spiral&optimizer=adam&lr=0.01&hidden=32,32',
  'dataset=moons&optimizer=momentum&lr=0.05&schedule=cosine&noise=0.2',
  'dataset=xor&optimizer=nesterov&lr=0.03&activation=gelu&warmup_steps=50',
  'dataset=iris&optimizer=adam&lr=0.02&hidden=8,8&clip=norm&max_norm=0.5',
  'dataset=sine&optimizer=momentum&lr=0.01&schedule=step&hidden=24&activation=sigmoid',
  'dataset=circle&optimizer=sgd&lr=0.2&activation=leaky_relu&init=he_normal&batch_size=8',
];
for (const query of kScenarios) {
  test(`the page computes the same bits as the command line: ${query}`, async (t) => {
    const expected = command_line(query, 1000);
    const lane = await run_in_page(t, query, 1000);
    assert.equal(lane.step, 1000);
    assert.equal(lane.theta_hash, expected.theta_hash);
  });
}

test('digits, 64-32-10 relu, Adam 0.01, batch 32: at least 95 % of the test digits are read, for seeds 0 to 4, with the bits of the command line', async (t) => {
  for (let seed = 0; seed < 5; seed++) {
    const query = `dataset=digits&hidden=32&activation=relu&optimizer=adam&lr=0.01&batch_size=32&seed=${seed}`;
    const lane = await run_in_page(t, query, 1000);
    assert.ok(lane.test_accuracy >= 0.95, `seed ${seed}: ${lane.test_accuracy}`);
    const expected = command_line(query, 1000);
    assert.equal(lane.theta_hash, expected.theta_hash, `seed ${seed}`);
  }
});

test('what is trained frame by frame while a person watches has the same bits too', async (t) => {
  const query = 'dataset=moons&optimizer=adam&lr=0.005';
  const lab = await t.lab(`#v=1&${query}`);
  await lab.choose('speed', 'Full speed');
  await lab.click('play');
  await lab.until('400 steps are taken', (s) => s.step >= 400);
  await lab.click('play');
  const { lanes: [lane] } = await lab.until('it is paused', (s) => !s.playing);
  assert.equal(lane.theta_hash, command_line(query, lane.step).theta_hash);
});
