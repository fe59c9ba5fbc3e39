// Links from strangers: whatever an address says, the page stands, says what it did not take, and trains.
import { assert, test } from './harness.mjs';

const kMegabyte = 'a'.repeat(1 << 20);

// What is wrong with it, and the part behind '#'.
const kHostile = [
  ['an unknown key', 'v=1&colour=red'],
  ['many unknown keys', 'v=1&' + Array.from({ length: 400 }, (_, i) => `k${i}=${i}`).join('&')],
  ['a rate that is not a number', 'v=1&lr=NaN'],
  ['a rate that is not a number, in words', 'v=1&lr=fast'],
  ['an infinite rate', 'v=1&lr=Infinity'],
  ['a rate too large for a double', 'v=1&lr=1e999'],
  ['a rate too large for the dial', 'v=1&lr=1e6'],
  ['a negative rate', 'v=1&lr=-1'],
  ['a rate of nothing', 'v=1&lr='],
  ['a rate in hexadecimal', 'v=1&lr=0x10'],
  ['a rate with words behind it', 'v=1&lr=0.1abc'],
  ['a rate with a comma', 'v=1&lr=0,1'],
  ['a negative batch', 'v=1&batch_size=-1'],
  ['a batch of billions', 'v=1&batch_size=99999999999'],
  ['half a sample a batch', 'v=1&batch_size=0.5'],
  ['ten thousand layers', 'v=1&hidden=' + Array(10000).fill(8).join(',')],
  ['layers of a billion', 'v=1&hidden=1000000000,1000000000'],
  ['layers of no width', 'v=1&hidden=0,0'],
  ['layers of negative width', 'v=1&hidden=-5'],
  ['layers that are words', 'v=1&hidden=wide'],
  ['layers of commas', 'v=1&hidden=,,,,'],
  ['a negative count of samples', 'v=1&count=-500'],
  ['too many samples', 'v=1&count=1e12'],
  ['noise without end', 'v=1&noise=1e300'],
  ['noise that is no number', 'v=1&noise=nan'],
  ['an unknown optimizer', 'v=1&optimizer=magic'],
  ['an optimizer named as a prototype', 'v=1&optimizer=constructor'],
  ['an optimizer named as a prototype, twice over', 'v=1&optimizer=__proto__'],
  ['an unknown data set', 'v=1&dataset=../../etc/passwd'],
  ['a data set that is a script', 'v=1&dataset=%3Cscript%3Ealert(1)%3C/script%3E'],
  ['an unknown schedule', 'v=1&schedule=toString'],
  ['an unknown activation', 'v=1&activation=hasOwnProperty'],
  ['an unknown loss', 'v=1&loss=valueOf'],
  ['a key of the prototype', 'v=1&__proto__=1'],
  ['the key constructor', 'v=1&constructor=1&prototype=2'],
  ['broken percent codes', 'v=1&lr=%'],
  ['half a percent code', 'v=1&lr=%4'],
  ['percent codes of no hexadecimal', 'v=1&lr=%ZZ0.1'],
  ['percent codes of no UTF-8', 'v=1&dataset=%FF%FE%C0%80'],
  ['a null byte in a value', 'v=1&dataset=spiral%00'],
  ['a null byte in a key', 'v=1&l%00r=0.1'],
  ['emoji', 'v=1&dataset=🌀&lr=🚀'],
  ['letters that read backwards', 'v=1&dataset=%E2%80%AElarips'],
  ['a version from the future', 'v=999&lr=0.1'],
  ['a version that is no number', 'v=one&lr=0.1'],
  ['text without any key', 'hello'],
  ['only separators', '&&&===&&='],
  ['a megabyte in one value', `v=1&dataset=${kMegabyte}`],
  ['a megabyte in one key', `v=1&${kMegabyte}=1`],
  ['a seed that is negative', 'v=1&seed=-1'],
  ['a seed too large', 'v=1&seed=99999999999999999999999999'],
  ['more lanes than there is room for', 'v=1&' + Array.from({ length: 50 }, (_, i) => `lane=lr%3D0.${i + 1}`).join('&')],
  ['a lane within a lane', 'v=1&lane=lane%3Dlr%253D1'],
  ['a lane of nonsense', 'v=1&lane=%26%26%3D%3D%00'],
  ['momentum above one', 'v=1&optimizer=momentum&momentum=5'],
  ['a beta of one', 'v=1&optimizer=adam&beta1=1'],
  ['an epsilon below zero', 'v=1&optimizer=adam&eps=-1'],
  ['a clipping norm below zero', 'v=1&clip=norm&max_norm=-3'],
  ['warm-up for ever', 'v=1&warmup_steps=1e30'],
  ['no test data, and no other', 'v=1&test_fraction=1'],
  ['more test data than data', 'v=1&test_fraction=7'],
];

test('the list of hostile addresses is long enough', () => assert.ok(kHostile.length >= 40));

for (const [what, query] of kHostile) {
  test(`an address with ${what} gives a notice that can be seen, and a lab that works`, async (t) => {
    const lab = await t.lab(`#${query}`);
    const { notices, controls } = await lab.until('there is a notice', (s) => s.notices.length > 0, null, 5000);
    assert.ok(notices.every((text) => text.length > 5 && text.length < 2000), `${notices}`.slice(0, 300));
    assert.ok(controls.some((c) => c.id === 'notices.close' && c.visible), 'the notice is on the screen');
    const before = (await lab.state()).lanes[0];
    assert.ok(await lab.command('run 3'));
    const after = (await lab.state()).lanes[0];
    assert.ok(after.step === 3 || after.verdict === 'diverged', `it stands at step ${after.step}`);
    assert.notEqual(after.theta_hash, before.theta_hash);
    await lab.click('notices.close');
    await lab.until('the notice is gone', (s) => s.notices.length === 0);
  });
}

test('an address in order gives no notice', async (t) => {
  for (const query of ['v=1', 'v=1&lr=0.05&optimizer=adam&dataset=moons&hidden=8,8', 'v=1&lr=1e-3', 'v=1&lane=lr%3D1']) {
    const lab = await t.lab(`#${query}`);
    assert.deepEqual((await lab.state()).notices, [], query);
  }
});

test('of a key that is given many times the last counts', async (t) => {
  const lab = await t.lab('#v=1&' + Array.from({ length: 50 }, (_, i) => `lr=0.${i + 10}`).join('&'));
  assert.equal((await lab.state()).lanes[0].lr, 0.59);
  await lab.command('run 3');
  assert.equal((await lab.state()).lanes[0].step, 3);
});

test('hostile addresses one after the other, without loading anew, leave the lab whole', async (t) => {
  const lab = await t.lab('#v=1');
  for (const [what, query] of kHostile.filter(([, text]) => text.length < 10000)) {
    await lab.page.evaluate((text) => { location.hash = text; }, query);
    await lab.until(`'${what}' is loaded`, (s) => s.notices.length > 0);
  }
  await lab.page.evaluate(() => { location.hash = 'v=1&lr=0.05'; });
  await lab.until('the good one is loaded', (s) => s.lanes[0].lr === 0.05 && s.notices.length === 0);
  await lab.command('run 10');
  assert.equal((await lab.state()).lanes[0].step, 10);
});
