// A sweep in shards under GNU parallel, one of them killed midway and resumed: the same bytes as in one
// process. Usage: node tests/shards.mjs PATH/OF/lrlab. Ends with 'N passed, N failed, N skipped'.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const lrlab = resolve(process.argv[2] ?? 'build/native/bin/lrlab');
const folder = mkdtempSync(join(tmpdir(), 'lrlab-shards-'));
const file = (name) => join(folder, name);

// About 3 s of one core, in 96 items: long enough to be caught in the middle.
const sweep = ['sweep', '--query', 'dataset=moons&optimizer=adam&hidden=32,32&count=2000', '--grid', 'lr=1e-4:1:log:24', '--seeds', '4', '--steps', '300'];

function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw error;
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

// Starts a shard and kills it as soon as its file holds some rows.
async function killed_midway(args, out) {
  const child = spawn(lrlab, args, { stdio: 'ignore' });
  const ended = new Promise((done) => child.on('exit', (code, signal) => done(signal)));
  for (;;) {
    if (existsSync(out) && readFileSync(out, 'utf8').split('\n').length > 3) break;
    assert.equal(child.exitCode, null, 'the shard was over before it could be killed');
    await new Promise((done) => setTimeout(done, 2));
  }
  child.kill('SIGKILL');
  assert.equal(await ended, 'SIGKILL');
}

const counts = { passed: 0, failed: 0, skipped: 0 };
async function test(claim, body) {
  try {
    await body();
    counts.passed += 1;
    console.log(`ok    ${claim}`);
  } catch (error) {
    counts.failed += 1;
    console.log(`FAIL  ${claim}\n${error.stack}`);
  }
}

const said = run(lrlab, [...sweep, '--jobs', '1', '--out', file('one.jsonl')]);
const one = readFileSync(file('one.jsonl'));

await test('two threads write the bytes of one', () => {
  run(lrlab, [...sweep, '--jobs', '2', '--out', file('two.jsonl')]);
  assert.ok(readFileSync(file('two.jsonl')).equals(one));
});

await test('four shards under GNU parallel, one killed midway and resumed, merge to the bytes of one process', async () => {
  const part = (i) => file(`part-${i}.jsonl`);
  const shard = (i) => [...sweep, '--jobs', '1', '--shard', `${i}/4`, '--out', part(i)];
  await killed_midway(shard(2), part(2));
  assert.ok(statSync(part(2)).size < one.length / 4);
  appendFileSync(part(2), '{"item":46,"lr":0.00');  // and its last line is torn
  const quoted = [lrlab, ...sweep].map((word) => `'${word}'`).join(' ');
  run('parallel', ['--will-cite', '-j', '2', `${quoted} --jobs 1 --resume --shard {}/4 --out ${folder}/part-{}.jsonl`, ':::', '0', '1', '2', '3']);
  run(lrlab, ['merge', part(3), part(1), part(0), part(2), '--out', file('merged.jsonl')]);
  assert.ok(readFileSync(file('merged.jsonl')).equals(one));
  const drawn = run(lrlab, ['merge', part(0), part(1), part(2), part(3), '--out', file('drawn.jsonl'), '--plot', file('drawn.svg')]);
  assert.match(said, /Best rate /);
  assert.equal(drawn, said, 'the whole is summed up as one process does it');
  assert.match(readFileSync(file('drawn.svg'), 'utf8'), /^<svg/);
});

await test('a file cut off anywhere is continued to the same bytes', () => {
  for (const share of [0.001, 0.3, 0.77]) {
    const cut = file(`cut-${share}.jsonl`);
    run(lrlab, ['merge', file('one.jsonl'), '--out', cut]);
    truncateSync(cut, Math.floor(one.length * share));
    run(lrlab, [...sweep, '--resume', '--out', cut]);
    assert.ok(readFileSync(cut).equals(one), `cut at ${share}`);
  }
});

rmSync(folder, { recursive: true });
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed ? 1 : 0;
