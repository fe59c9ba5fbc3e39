// The pages around the lab, what the lab gives away, and the site without a network.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import jsqr from 'jsqr';
import { serve } from '../../web/serve.mjs';
import { assert, kTop, test, wait } from './harness.mjs';

const kSite = join(kTop, 'build/web/site');
const kPages = ['lessons.html', 'builder.html', 'bench.html',
                ...readdirSync(join(kTop, 'web/article')).filter((name) => name.endsWith('.html')).map((name) => `article/${name}`)];
const kReference = ['index', 'optimizers', 'schedules', 'clipping', 'data', 'surfaces', 'activations', 'losses', 'initialisation', 'numbers']
  .map((name) => `reference/${name}.html`);

// ---- the pages ----

for (const [scheme, size] of [['light', { width: 1440, height: 900 }], ['dark', { width: 390, height: 844 }]])
  test(`every page around the lab is fit for assistive technology, ${scheme}, ${size.width} px wide`, async (t) => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const page = await t.page({ viewport: size, colorScheme: scheme });
    for (const file of [...kPages, ...kReference]) {
      await page.goto(t.site + file);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${file} is wider than the screen`);
      await page.evaluate(axe);  // over the debugger, which no policy binds
      const { violations } = await page.evaluate(() => axe.run(document, { iframes: false }));
      assert.deepEqual(violations.map((v) => `${file}: ${v.id}: ${v.nodes[0].html.slice(0, 120)} (${v.nodes.length})`), []);
    }
  });

test('no link of the pages leads nowhere', async (t) => {
  const page = await t.page({ javaScriptEnabled: false });
  for (const file of [...kPages, ...kReference]) {
    await page.goto(t.site + file);
    const links = await page.evaluate(() => [...document.querySelectorAll('a[href]')].map((a) => a.href));
    for (const link of links.filter((l) => l.startsWith(t.site))) {
      const url = new URL(link), text = readFileSync(join(kSite, url.pathname.slice(1) || 'index.html'), 'utf8');
      if (url.hash.length > 1 && !url.hash.includes('=')) assert.ok(text.includes(`id="${url.hash.slice(1)}"`), `${file}: ${link}`);
    }
  }
});

test('the gallery has every lesson, with a picture, and its links open it', async (t) => {
  const page = await t.page();
  await page.goto(`${t.site}lessons.html`);
  const lessons = JSON.parse(readFileSync(join(kSite, 'lessons.json'), 'utf8'));
  assert.equal(await page.locator('.lessons > li').count(), lessons.length);
  await page.evaluate(() => Promise.all([...document.images].map((image) => { image.loading = 'eager'; return image.decode(); })));
  const lab = await t.lab(`#lesson=${lessons[3].id}`);
  assert.equal((await lab.state()).lesson.id, lessons[3].id);
});

test('the reference: each optimizer has its formula and a lab that runs when it is asked for', async (t) => {
  const page = await t.page();
  await page.goto(`${t.site}reference/optimizers.html#adamw`);
  assert.match(await page.locator('#adamw .formula').innerText(), /θ/);
  assert.match(await page.locator('#adamw .params').innerText(), /weight_decay/);
  const lab = page.locator('#adamw lr-lab');
  await lab.getByRole('button').click();
  await wait(page, "() => document.querySelector('#adamw lr-lab').state !== null");
  const state = await lab.evaluate((element) => element.run(5));
  assert.deepEqual(state.lanes.map((lane) => lane.lr), [0.001, 0.0001, 0.01]);
});

test('the builder: what is chosen is in the HTML, and the preview shows it', async (t) => {
  const page = await t.page();
  await page.goto(`${t.site}builder.html#lesson=clipping`);
  await wait(page, () => document.getElementById('lesson').value === 'clipping');
  const html = page.locator('#html');
  assert.match(await html.inputValue(), /<lr-lab lesson="clipping" hide="timeline" theme="auto"><\/lr-lab>/, 'without a height: it follows');
  const parts = page.getByRole('group', { name: 'Show these parts' });
  await parts.getByLabel('Settings').uncheck();
  await page.getByLabel('Colours').selectOption('dark');
  await page.getByLabel('plain frame').check();
  await page.getByRole('group', { name: /not change/ }).getByLabel('Learning rate').check();
  assert.match(await html.inputValue(), /<iframe src="[^"]+embed\.html#lesson=clipping&amp;hide=setup,timeline&amp;lock=rate&amp;theme=dark"\n\s+width="100%" height="\d+"/);
  const frame = await wait(page, () => document.getElementById('preview').contentWindow.lrlab?.state()?.lesson?.id === 'clipping');
  assert.ok(frame);
  // Nothing below: the preview, and the frame's height with it, shrink.
  for (const part of ['Pictures', 'Lanes', 'Plots']) await parts.getByLabel(part).uncheck();
  await wait(page, () => document.getElementById('preview').offsetHeight < 330);
  assert.ok(Number(/height="(\d+)"/.exec(await html.inputValue())[1]) < 330);
});

test('nothing jumps in the builder on a phone', async (t) => {
  const page = await t.page({ viewport: { width: 390, height: 844 } });
  await page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => { for (const e of list.getEntries()) shift += e.value; }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(`${t.site}builder.html`);
  await wait(page, () => document.getElementById('html').value.includes('too-high'));
  await wait(page, () => document.getElementById('preview').contentWindow.lrlab?.state()?.lesson?.id === 'too-high');
  assert.equal(await page.evaluate(() => shift), 0);
});

// ---- sharing ----

const share = async (t, where) => {
  const lab = await t.lab(where, { acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'] });
  await lab.command('run 50');
  await lab.click('share');
  await lab.page.locator('#share').waitFor({ state: 'visible' });
  return lab;
};

test('the link button opens the dialog: a link with a QR code, an embed, code, figures', async (t) => {
  const lab = await share(t, '#v=1&lr=0.05&lane=lr%3D0.5');
  const dialog = lab.page.locator('#share');
  assert.match(await dialog.getByLabel('Link to this experiment').inputValue(), /#v=1&lr=0\.05&lane=lr%3D0\.5$/);
  assert.equal(await dialog.locator('.qr svg path').count(), 1);
  await dialog.getByRole('button', { name: 'Copy' }).first().click();
  assert.match(await lab.page.evaluate(() => navigator.clipboard.readText()), /#v=1&lr=0\.05/);
  await dialog.getByRole('tab', { name: 'Embed' }).click();
  assert.match(await dialog.getByLabel('As a frame').inputValue(), /<iframe src="[^"]+embed\.html#v=1&amp;lr=0\.05/);
  await dialog.getByRole('tab', { name: 'Code' }).click();
  assert.match(await dialog.getByLabel('As a PyTorch script').inputValue(), /torch\.optim\.SGD\(parameters, lr=lr\)/);
  await dialog.getByLabel('Lane').selectOption('1');
  assert.match(await dialog.getByLabel('On the command line').inputValue(), /^lrlab run --query 'v=1&lr=0\.5' --steps \d+$/);
  assert.equal(JSON.parse(await dialog.getByLabel('As JSON').inputValue()).lr, 0.5);
  await lab.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});

test('an experiment is shared as the command that runs it', async (t) => {
  const lab = await share(t, '#v=1&dataset=moons&job=' + encodeURIComponent(JSON.stringify({ v: 1, job: 'sweep', axes: ['lr=0.1,0.5'], steps: 20, seeds: 1 })));
  const dialog = lab.page.locator('#share');
  await dialog.getByRole('tab', { name: 'Code' }).click();
  const [, query] = /^lrlab sweep --query '([^']*)'$/.exec(await dialog.getByLabel('The experiment on the command line').inputValue());
  const said = execFileSync(join(kTop, 'build/native/bin/lrlab'), ['sweep', '--query', query], { encoding: 'utf8' });
  assert.match(said, /^lr .*\n0\.1 .*\n0\.5 .*1 of 1 diverged\n/, said);
  assert.match(said, /Good: within/);
});

test('QR codes of every size read back as the text that went in', () => {
  const qr = vm.runInNewContext(`${readFileSync(join(kTop, 'web/qr.js'), 'utf8')}; qr`, { TextEncoder });
  const bytes = (text) => new TextEncoder().encode(text).length;
  for (const length of [1, 17, 18, 78, 154, 230, 271, 400, 644, 1000, 1500, 2300, 2953]) {
    let text = 'https://example.org/#v=1&name=ü';
    while (bytes(text) < length) text += 'lane%3D0.1&x=y'[text.length % 14];
    while (bytes(text) > length) text = text.slice(0, -1);
    const code = qr(text), scale = 4, size = (code.length + 8) * scale;
    const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        if (code[Math.floor(y / scale) - 4]?.[Math.floor(x / scale) - 4]) pixels.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
    assert.equal(jsqr(pixels, size, size)?.data, text, `${length} bytes`);
  }
  assert.equal(qr('x'.repeat(2954)), null);
});

test('figures and data come as files: SVG, PNG, CSV, a report', async (t) => {
  const lab = await share(t, '#v=1&dataset=moons');
  const dialog = lab.page.locator('#share');
  await dialog.getByRole('tab', { name: 'Figures' }).click();
  const file = async (button) => {
    const [download] = await Promise.all([lab.page.waitForEvent('download'), button.click()]);
    return readFileSync(await download.path());
  };
  const row = dialog.getByRole('row', { name: 'Loss' });
  assert.match((await file(row.getByRole('button', { name: 'SVG' }))).toString(), /^<svg [^]*<path/);
  const png = await file(row.getByRole('button', { name: 'PNG' }));
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  assert.ok(png.readUInt32BE(16) > 1000, 'twice the size');
  assert.match((await file(dialog.getByRole('button', { name: /CSV/ }))).toString(), /^lane,name,curve,step,steps,min,mean,max\n1,/);
  assert.match((await file(dialog.getByRole('button', { name: /Markdown/ }))).toString(), /^# Learning rates compared\n[^]*data:image\/svg\+xml;base64,/);
  assert.equal((await file(dialog.getByRole('button', { name: /Picture/ }))).subarray(1, 4).toString(), 'PNG');
});

test('a link with a receipt tells whether this machine computed the same bits', async (t) => {
  const lab = await share(t, '#v=1&dataset=moons&lane=lr%3D0.3');
  const dialog = lab.page.locator('#share');
  await dialog.getByLabel('With a receipt').check();
  const link = await dialog.getByLabel('Link to this experiment').inputValue();
  assert.match(link, /&expect=[0-9a-f]{16},[0-9a-f]{16}@\d+$/);
  const check = async (address) => {
    const page = await t.page();
    await page.goto(address);
    const verdict = await wait(page, () => document.getElementById('banner').dataset.receipt);
    return [verdict, await page.locator('#banner').innerText()];
  };
  const good = await check(link);
  assert.equal(good[0], 'same');
  assert.match(good[1], /^Reproduced bit for bit: after \d+ steps every weight of all 2 lanes/);
  assert.equal((await check(link.replace(/expect=./, (s) => (s.endsWith('0') ? 'expect=1' : 'expect=0'))))[0], 'different');
  const page = await t.page();
  await page.goto(`${t.site}#v=1&expect=nonsense`);
  await wait(page, () => /receipt in this link cannot be read/.test(document.getElementById('banner').textContent));
});

// ---- without a network ----

test('after the first visit the site works without a network: the lab, a lesson, the article, sharing', async (t) => {
  const lab = await t.lab('', { with_worker: true });
  const { page } = lab;
  await page.evaluate(() => navigator.serviceWorker.ready.then((worker) => new Promise((done) => {
    const active = worker.active;
    if (active.state === 'activated') done();
    else active.addEventListener('statechange', () => active.state === 'activated' && done());
  })));
  t.expect_fault(/ERR_INTERNET_DISCONNECTED|Failed to load resource/);
  await page.context().setOffline(true);
  await page.goto(`${t.site}#lesson=adam`);
  await page.reload();
  await page.evaluate(() => lrlab.ready);
  assert.equal((await lab.state()).lesson.id, 'adam');
  assert.equal(await lab.command('run 20'), true);
  await lab.click('share');
  await page.locator('#share .qr svg').waitFor();
  await page.goto(`${t.site}article/effects.html`);
  assert.match(await page.locator('h1').innerText(), /./);
  await page.goto(`${t.site}lessons.html?from=somewhere`);
  assert.match(await page.locator('h1').innerText(), /Lessons/);
});

test('a new build shows at the next reload, and the old copy goes', async (t) => {
  // A site of its own, which is then built anew with another title.
  const site = join(mkdtempSync(join(tmpdir(), 'lrlab-site-')), 'site');
  cpSync(kSite, site, { recursive: true });
  const server = await serve(site, 0), address = `http://127.0.0.1:${server.address().port}/`;
  t.allowed.push(address);
  const page = await t.page({ with_worker: true });
  const stored = () => page.evaluate(async () => {
    const worker = await navigator.serviceWorker.ready;
    await worker.update();
    for (;;) {
      const names = await caches.keys();
      if (!worker.installing && !worker.waiting && worker.active.state === 'activated' && names.length === 1) return names[0];
      await new Promise((done) => setTimeout(done, 30));
    }
  });
  await page.goto(address);
  await page.evaluate(() => lrlab.ready);
  const before = await stored();
  writeFileSync(join(site, 'index.html'), readFileSync(join(site, 'index.html'), 'utf8').replace('<title>Learning Rate Lab', '<title>Another build'));
  execFileSync(process.execPath, [join(kTop, 'web/pages.mjs'), 'offline', site]);
  await page.reload();
  assert.equal(await page.title(), 'Another build');
  await page.evaluate(() => lrlab.ready);
  const after = await stored();
  assert.notEqual(after, before);
  await page.close();
  server.close();
  rmSync(join(site, '..'), { recursive: true });
});

test('a frame of another page stores nothing and has no worker', async (t) => {
  const page = await t.page({ with_worker: true });
  await page.goto(`${t.site}builder.html#lesson=adam`);
  await wait(page, () => document.getElementById('preview').contentWindow.lrlab?.state()?.lesson?.id === 'adam');
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length + (await caches.keys()).length), 0);
});

// ---- how soon ----

test('the lab is seen within 1.5 s and usable within 2 s, nothing jumps, and less than 600 kB are loaded', async (t) => {
  const lab = await t.lab('', {}, (page) => page.addInitScript(() => {
    globalThis.seen = { paint: 0, shift: 0, ready: 0 };
    // Where the lab is there before the first paint, that is the canvas, which has only a first paint.
    for (const type of ['paint', 'largest-contentful-paint'])
      new PerformanceObserver((list) => { for (const e of list.getEntries()) seen.paint = Math.max(seen.paint, e.startTime); }).observe({ type, buffered: true });
    new PerformanceObserver((list) => { for (const e of list.getEntries()) seen.shift += e.value; }).observe({ type: 'layout-shift', buffered: true });
    addEventListener('DOMContentLoaded', () => lrlab.ready.then(() => requestAnimationFrame(() => (seen.ready = performance.now()))));
  }));
  const seen = await wait(lab.page, () => seen.ready > 0 && seen.paint > 0 && seen);
  const names = await lab.page.evaluate(() => performance.getEntriesByType('resource').map((e) => new URL(e.name).pathname.slice(1)));
  const { brotliCompressSync } = await import('node:zlib');
  const bytes = ['index.html', ...new Set(names)].reduce((sum, name) => sum + brotliCompressSync(readFileSync(join(kSite, name))).length, 0);
  console.log(`         (largest paint ${Math.round(seen.paint)} ms, usable ${Math.round(seen.ready)} ms, shift ${seen.shift.toFixed(3)}, ${Math.round(bytes / 1000)} kB)`);
  assert.ok(seen.paint > 0 && seen.paint < 1500, `largest paint after ${seen.paint} ms`);
  assert.ok(seen.ready < 2000, `usable after ${seen.ready} ms`);
  assert.equal(seen.shift, 0);
  assert.ok(bytes < 600000, `${bytes} bytes`);
});
