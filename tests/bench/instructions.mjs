// Counts the instructions of one training step with valgrind and compares with the committed
// baseline: more than 3 % above it fails. Counts do not depend on what else the machine is doing.
//   node tests/bench/instructions.mjs build/plain/bin/lrlab-count            compare
//   node tests/bench/instructions.mjs build/plain/bin/lrlab-count --update   write the baseline
// The build is for plain x86-64 (SSE2): valgrind does not know the widest instructions.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const [program, mode] = process.argv.slice(2);
const file = new URL('./instructions.json', import.meta.url);
const scratch = mkdtempSync(path.join(tmpdir(), 'lrlab-count-'));

function count(id, steps) {
  const out = path.join(scratch, `${id}-${steps}`);
  const log = path.join(scratch, 'log');
  execFileSync('valgrind', ['--tool=callgrind', `--callgrind-out-file=${out}`, `--log-file=${log}`, program, id, String(steps)], { stdio: 'ignore' });
  return Number(/^(?:summary|totals): (\d+)/m.exec(readFileSync(out, 'utf8'))[1]);
}

// Two lengths, so that start-up cancels out.
const steps = { w1: [50, 1050], w2: [50, 550], w3: [10, 110], w4: [2, 6], w5: [2, 6] };
const now = {};
for (const [id, [few, many]] of Object.entries(steps)) now[id] = Math.round((count(id, many) - count(id, few)) / (many - few));
rmSync(scratch, { recursive: true });

if (mode === '--update') {
  writeFileSync(file, JSON.stringify({ what: 'instructions per training step, clang 19 -O3, plain x86-64', limit: 1.03, steps: now }, null, 2) + '\n');
  console.log(now);
} else {
  const { steps: baseline, limit } = JSON.parse(readFileSync(file));
  let failed = 0;
  for (const id of Object.keys(now)) {
    const ratio = now[id] / baseline[id];
    const good = ratio <= limit;
    failed += !good;
    console.log(`${good ? 'ok  ' : 'FAIL'} a step of ${id} takes ${now[id]} instructions, ${((ratio - 1) * 100).toFixed(1)} % against the baseline ${baseline[id]} (allowed: +${Math.round((limit - 1) * 100)} %)`);
  }
  const all = Object.keys(now).length;
  console.log(`${all - failed} passed, ${failed} failed, 0 skipped`);
  process.exit(failed ? 1 : 0);
}
