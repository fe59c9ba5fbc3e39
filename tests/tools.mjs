// tools.mjs: tests of the two commands' own manners and of the little server.
//   node tests/tools.mjs        ends with 'N passed, N failed'
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, writeFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { serve } from '../web/serve.mjs';

const kTop = fileURLToPath(new URL('..', import.meta.url));
let passed = 0, failed = 0;

async function test(claim, body) {
  try {
    await body();
    passed++;
  } catch (error) {
    failed++;
    console.log(`FAILED: ${claim}\n  ${error.stack}`);
  }
}

// Exit status and both outputs of a command of the project, called from another folder.
function call(command, ...args) {
  try {
    return { status: 0, err: '', out: execFileSync(join(kTop, command), args,
                                                   { cwd: tmpdir(), encoding: 'utf8', stdio: 'pipe' }) };
  } catch (error) {
    return { status: error.status, out: error.stdout, err: error.stderr };
  }
}

function get(port, path, method = 'GET') {
  return new Promise((done, fail) => {
    const call = request({ host: '127.0.0.1', port, path, method }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, body }));
    });
    call.on('error', fail).end();
  });
}

for (const command of ['web/run', 'tests/run']) {
  await test(`${command}: an unknown option gets one line that names it`, () => {
    const { status, out, err } = call(command, '--frobnicate');
    assert.equal(status, 1);
    assert.equal(out, '');
    assert.match(err, /^[^\n]*'--frobnicate'[^\n]*\n$/);
  });
  await test(`${command} --help tells and does nothing`, () => {
    const { status, out } = call(command, '--help');
    assert.equal(status, 0);
    assert.match(out, /^Usage:/);
  });
}
for (const args of [['--port'], ['--port', 'eight'], ['--port='], ['--port=80a'], ['--port', '-1']]) {
  await test(`web/run ${args.join(' ')}: one line, nothing done`, () => {
    const { status, out, err } = call('web/run', ...args);
    assert.equal(status, 1);
    assert.equal(out, '');
    assert.match(err, /^web\/run: [^\n]+\n$/);
  });
}

const folder = mkdtempSync(join(tmpdir(), 'lrlab-serve-'));
const site = join(folder, 'site');
mkdirSync(join(site, 'sub'), { recursive: true });
writeFileSync(join(folder, 'secret.txt'), 'secret');
writeFileSync(join(folder, 'site-beside.txt'), 'beside');
writeFileSync(join(site, 'index.html'), '<!doctype html>page');
writeFileSync(join(site, 'sub', 'index.html'), 'sub page');
writeFileSync(join(site, 'a.wasm'), '\0asm');
writeFileSync(join(site, 'a.js'), '1');
writeFileSync(join(site, 'with space.txt'), 'x');
const server = await serve(site, 0);
const port = server.address().port;

const kAnswers = [
  // path, status, content type
  ['/', 200, 'text/html; charset=utf-8'],
  ['/index.html?x=1', 200, 'text/html; charset=utf-8'],
  ['/a.wasm', 200, 'application/wasm'],
  ['/a.js', 200, 'text/javascript; charset=utf-8'],
  ['/with%20space.txt', 200, 'text/plain; charset=utf-8'],
  ['/sub/', 200, 'text/html; charset=utf-8'],
  ['/sub', 301, undefined],
  ['/nothing', 404, 'text/plain'],
  ['/../secret.txt', 404, 'text/plain'],
  ['/%2e%2e/secret.txt', 404, 'text/plain'],
  ['/..%2fsecret.txt', 404, 'text/plain'],
  ['/sub/..%2f..%2fsecret.txt', 404, 'text/plain'],
  ['/..%2fsite-beside.txt', 404, 'text/plain'],
  ['/%00', 404, 'text/plain'],
  ['/%zz', 404, 'text/plain'],
  ['//', 404, 'text/plain'],
];
for (const [path, status, type] of kAnswers) {
  await test(`serve: ${path} gives ${status}`, async () => {
    const answer = await get(port, path);
    assert.equal(answer.status, status);
    assert.equal(answer.headers['content-type'], type);
    assert.doesNotMatch(answer.body, /secret|beside/);
  });
}
await test('serve: a folder without its slash leads to the one with', async () => {
  assert.equal((await get(port, '/sub')).headers.location, '/sub/');
});
await test('serve: HEAD sends no body, POST is refused', async () => {
  const head = await get(port, '/', 'HEAD');
  assert.deepEqual([head.status, head.body], [200, '']);
  assert.equal((await get(port, '/', 'POST')).status, 405);
});
await test('serve: broken requests do not end it', async () => {
  await new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => socket.end('NONSENSE\r\n\r\n'));
    socket.on('close', done).on('error', done).resume();
  });
  assert.equal((await get(port, '/')).status, 200);
});

// What serve.mjs as a program says first.
function start(...args) {
  const child = spawn(process.execPath, [join(kTop, 'web/serve.mjs'), ...args]);
  return new Promise((done) => {
    let text = '';
    const hear = (chunk) => {
      text += chunk;
      if (/http:\/\/127|serve: /.test(text)) {
        child.kill();
        done(text);
      }
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
}
await test('serve: a port that was asked for and is taken is refused in one line', async () => {
  assert.match(await start('--port', String(port), site), /^serve: port \d+ [^\n]*taken[^\n]*\n$/);
});
await test('serve: a missing folder is refused in one line', async () => {
  assert.match(await start(join(folder, 'none')), /^serve: [^\n]+\n$/);
});

server.close();
rmSync(folder, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
