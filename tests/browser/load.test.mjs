// Loading: the page comes up, or says in plain words why it cannot.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '../../web/serve.mjs';
import { assert, kTop, test, wait } from './harness.mjs';

// What the page tells a person when the lab cannot run.
async function message(page) {
  await page.locator('#message').waitFor({ state: 'visible' });
  return page.locator('#message').innerText();
}

test('the page loads, draws with WebGL 2, and really shows something', async (t) => {
  const start = performance.now();
  const lab = await t.lab();
  console.log(`         (first frame after ${Math.round(performance.now() - start)} ms)`);
  const renderer = await lab.page.evaluate(() => {
    const gl = document.getElementById('lab').getContext('webgl2');  // the context that is there
    return gl && gl.getParameter(gl.RENDERER);
  });
  assert.ok(renderer, 'there is a renderer');
  assert.ok(await lab.variance() > 300, 'the picture is not of one colour');
  assert.equal(await lab.page.locator('#intro').evaluate((e) => e.getBoundingClientRect().width), 1, 'the loading screen is gone');
});

test('within ten seconds of opening something true is moving: three lanes race, and nobody pressed anything', async (t) => {
  const lab = await t.lab();
  const state = await lab.until('50 steps are taken', (s) => s.playing && s.step > 50, null, 10000);
  assert.ok(state.lanes.length >= 3);
  assert.equal(new Set(state.lanes.map((lane) => lane.lr)).size, state.lanes.length, 'their learning rates differ');
});

test('with reduced motion nothing moves by itself', async (t) => {
  const lab = await t.lab('', { reducedMotion: 'reduce' });
  const state = await lab.state();
  assert.equal(state.playing, false);
  assert.equal(state.step, 0);
});

test('while it loads the page tells how far it is, in kilobytes', async (t) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const page = await t.page({}, async (p) => {
    await p.route('**/lrlab.js', async (route) => { await held; await route.continue(); });
  });
  await page.goto(t.site, { waitUntil: 'commit' });
  await wait(page, () => /^[\d,]+ of [\d,]+ kB$/.test(document.getElementById('loaded')?.textContent ?? ''));
  await wait(page, () => document.getElementById('bar').getAttribute('aria-valuenow') === '100');
  release();
  await page.evaluate(() => lrlab.ready);
});

test('a size that the server does not tell still gives kilobytes', async (t) => {
  const wasm = readFileSync(join(kTop, 'build/web/site/lrlab.wasm'));
  const page = await t.page({}, (p) => p.route('**/lrlab.wasm', (route) =>
    route.fulfill({ status: 200, headers: { 'Content-Encoding': 'identity', 'Content-Type': 'application/octet-stream' }, body: wasm })));
  const seen = [];
  await page.exposeFunction('__seen', (text) => seen.push(text));
  await page.addInitScript(() => addEventListener('DOMContentLoaded', () =>
    new MutationObserver(() => globalThis.__seen(document.getElementById('loaded').textContent))
      .observe(document.getElementById('loaded'), { childList: true, characterData: true, subtree: true })));
  await page.goto(t.site);
  await page.evaluate(() => lrlab.ready);
  assert.ok(seen.some((text) => /^[\d,]+ kB$/.test(text)), `saw ${seen.slice(-3)}`);
});

test('it works from any folder of a host', async (t) => {
  const page = await t.page();
  // The same files under a longer path.
  await page.route('**/some/where/**', async (route) => {
    const path = new URL(route.request().url()).pathname.replace('/some/where/', '/');
    await route.fulfill({ response: await route.fetch({ url: new URL(path, t.site).href }) });
  });
  await page.goto(`${t.site}some/where/index.html`);
  await page.evaluate(() => lrlab.ready);
});

test('without WebGL 2 the page says so, and what to do', async (t) => {
  const page = await t.page({}, (p) => p.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = () => null;
  }));
  await page.goto(t.site);
  assert.match(await message(page), /WebGL 2.*hardware acceleration/s);
});

test('without WebAssembly SIMD the page says which browsers have it', async (t) => {
  const page = await t.page({}, (p) => p.addInitScript(() => { WebAssembly.validate = () => false; }));
  await page.goto(t.site);
  assert.match(await message(page), /too old.*Chrome.*Firefox.*Safari/s);
});

for (const [file, what] of [['lrlab.wasm', 'is missing'], ['lrlab.js', 'is missing'], ['lab.js', 'is missing'], ['lrlab.wasm', 'breaks off']]) {
  test(`when ${file} ${what}, the page names it and offers to try again`, async (t) => {
    t.expect_fault(/Failed to load resource|ERR_|MIME type/);
    const page = await t.page({}, (p) => p.route(`**/${file}`, (route) =>
      what === 'is missing' ? route.fulfill({ status: 404, contentType: 'text/plain', body: 'Not found' }) : route.abort()));
    await page.goto(t.site);
    const text = await message(page);
    assert.ok(text.includes(file), text);
    assert.match(text, /Try again/);
    await page.unroute(`**/${file}`);
    await page.getByRole('button', { name: 'Try again' }).click();
    await wait(page, () => globalThis.lrlab?.state());
  });
}

test('a damaged lrlab.wasm gives a message, not an empty page', async (t) => {
  t.expect_fault(/./);
  const page = await t.page({}, (p) => p.route('**/lrlab.wasm', (route) =>
    route.fulfill({ status: 200, contentType: 'application/wasm', body: Buffer.from('\0asm damaged') })));
  await page.goto(t.site);
  assert.match(await message(page), /could not/);
});

test('without JavaScript the page says that it needs it', async (t) => {
  const page = await t.page({ javaScriptEnabled: false });
  await page.goto(t.site);
  assert.match(await page.locator('body').innerText(), /needs JavaScript/);
});

test('the page has words of its own: a title, a description, headings, labels', async (t) => {
  const { page } = await t.lab();
  assert.equal(await page.title(), 'Learning Rate Lab');
  assert.equal(await page.locator('h1').count(), 1);
  assert.ok((await page.locator('meta[name=description]').getAttribute('content')).length > 50);
  assert.doesNotMatch(await page.locator('meta[name=viewport]').getAttribute('content'), /user-scalable|maximum-scale/);
  for (const name of ['Pause', 'One step', 'Start again'])
    assert.equal(await page.getByRole('button', { name }).count(), 1, name);
  assert.equal(await page.getByRole('slider', { name: 'Learning rate' }).count(), 1);
  assert.equal(await page.getByRole('status').count() > 0, true);
});

test('nothing of the page is inline, and the policy forbids eval and everything from elsewhere', async (t) => {
  const html = readFileSync(join(kTop, 'web/index.html'), 'utf8');
  assert.doesNotMatch(html, /\sstyle=|\son\w+=|<style|<script(?![^>]*\bsrc=)/);
  const { page } = await t.lab();
  const policy = await page.locator('meta[http-equiv]').getAttribute('content');
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /'unsafe-(inline|eval)'|\*|https?:/);
  for (const file of ['lrlab.js', 'lab.js', 'boot.js', 'controls.js'])
    assert.doesNotMatch(readFileSync(join(kTop, 'build/web/site', file), 'utf8'), /\beval\(|new Function\(/, file);
});

test('window.lrlab cannot be changed, and wrong words to it change nothing', async (t) => {
  const lab = await t.lab('#v=1');
  assert.ok(await lab.page.evaluate(() => Object.isFrozen(lrlab)));
  const before = (await lab.state()).query;
  for (const words of ['', 'fly', 'set', 'set =', 'step -1', 'run 1e9', 'press nothing', 'put lr', 'x'.repeat(100000), '\0', '\ud800', '__proto__'])
    assert.equal(await lab.command(words), false, JSON.stringify(words.slice(0, 20)));
  assert.equal((await lab.state()).query, before);
});

test('two servers, one page: the site asks nothing of the host', async (t) => {
  // Served without any header but the type and the length.
  const server = await serve(join(kTop, 'build/web/site'), 0);
  const other = `http://127.0.0.1:${server.address().port}/`;
  t.allowed.push(other);
  const page = await t.page();
  await page.goto(other);
  await page.evaluate(() => lrlab.ready);
  assert.equal(await page.evaluate(() => crossOriginIsolated), false);
  await page.close();
  server.close();
});
