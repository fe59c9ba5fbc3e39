// The lab inside other people's pages: on another origin, under a strict policy, sandboxed, steered by
// script, and not to be upset by any message. And the article, whose figures are such labs.
import { createServer } from 'node:http';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, kShots, kTop, test, wait } from './harness.mjs';

// A page of somebody else, on an origin of its own, that allows what it must and nothing more.
async function foreign(t, body, script = '', lesson = '') {
  const site = new URL(t.site).origin;
  const policy = `default-src 'none'; script-src 'self' ${site}; frame-src ${site}; style-src 'self'; connect-src 'self'`;
  const server = createServer((request, response) => {
    const send = (type, text) => response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': policy }).end(text);
    if (request.url === '/host.js') send('text/javascript', script);
    else if (request.url === '/host.css') send('text/css', 'lr-lab, iframe { display: block; width: 760px; height: 620px; margin: 0 0 40px; border: 0 }');
    else if (request.url === '/') send('text/html', `<!doctype html><html lang="en"><title>A tutorial</title><link rel="stylesheet" href="/host.css">${body}<script src="/host.js"></script></html>`);
    else if (lesson && request.url === '/mine.json') send('application/json', lesson);
    else response.writeHead(404).end();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${server.address().port}/`;
  t.allowed.push(address);
  const page = await t.page({ viewport: { width: 800, height: 700 } });
  page.on('close', () => server.close());
  t.expect_fault(/favicon\.ico/);
  await page.goto(address);
  return page;
}

const element = (t, rest) => `<script src="${t.site}lr-lab.js"></script>${rest}`;

test('three labs on a page of another origin, one steered by its script', async (t) => {
  const page = await foreign(t, element(t, `
    <lr-lab id="a" lesson="too-high" hide="setup,timeline"></lr-lab>
    <lr-lab id="b" query="v=1&lr=0.05" theme="light" loading="eager"></lr-lab>
    <lr-lab id="c" lesson="adam" loading="click"></lr-lab>`), `
    window.heard = [];
    for (const name of ['ready', 'statechange', 'metric', 'verdict', 'goal'])
      addEventListener(name, (event) => heard.push([event.target.id, name, event.detail]));`);
  await wait(page, "() => heard.filter(([, name]) => name === 'ready').length >= 2");
  const state = await page.evaluate(() => document.getElementById('a').run(40));
  assert.equal(state.lesson, 'too-high');
  assert.equal(state.step, 40);
  assert.deepEqual(state.lanes.map((lane) => lane.name), ['good', 'bouncing', 'wandering', 'exploding']);
  assert.equal(state.lanes[3].verdict, 'diverged');
  await wait(page, "() => heard.some(([id, name, d]) => id === 'a' && name === 'verdict' && d.verdict === 'diverged')");
  const b = await page.evaluate(() => document.getElementById('b').getState());
  assert.equal(b.lanes[0].lr, 0.05);
  assert.equal(b.step, 0, 'the others are not touched');
  assert.equal(await page.evaluate(() => document.getElementById('c').state), null, 'a lab that waits for a click is not loaded');
  const refused = await page.evaluate(() => document.getElementById('a').run(-1).catch((error) => error.message));
  assert.match(refused, /whole number/);
});

test('a task that is solved by script tells its goal', async (t) => {
  const page = await foreign(t, element(t, '<lr-lab lesson="what-it-is"></lr-lab>'),
    "window.goals = []; addEventListener('goal', (event) => goals.push(event.detail));");
  const state = await page.evaluate(async () => {
    const lab = document.querySelector('lr-lab');
    await lab.task(1);
    await lab.set('lr=0.3');
    await lab.reset();
    return lab.run(200);
  });
  assert.equal(state.lanes.length, 1);
  await wait(page, '() => goals.length > 0');
  assert.deepEqual(await page.evaluate(() => goals.map(({ lesson, task }) => [lesson, task])), [['what-it-is', 1]]);
});

test("a teacher's own lesson file, beside their page, is opened with its tasks; a missing one is an error event", async (t) => {
  const lesson = readFileSync(join(kTop, 'assets/lessons/04-just-right.json'), 'utf8').replace('"just-right"', '"mine"');
  const page = await foreign(t, element(t, '<lr-lab src="mine.json" loading="eager"></lr-lab>'),
    "window.errors = []; document.querySelector('lr-lab').addEventListener('error', (event) => errors.push(event.detail));", lesson);
  await wait(page, "() => document.querySelector('lr-lab').state?.lesson === 'mine'");
  const state = await page.evaluate(async () => {
    const lab = document.querySelector('lr-lab');
    await lab.task(1);
    await lab.set('lr=0.3');
    return lab.run(300);
  });
  assert.equal(state.tasks[0].reached, true, 'also with a rate that a lane of the lesson has');
  const refused = await page.evaluate(() => document.querySelector('lr-lab').teach('{"format": 1}').catch((error) => error.message));
  assert.match(refused, /This entry is missing/);
  t.expect_fault(/404/);
  await page.evaluate(() => document.querySelector('lr-lab').setAttribute('src', 'none.json'));
  await wait(page, '() => errors.length > 0');
  assert.match(await page.evaluate(() => errors[0]), /none\.json could not be opened: the server answered 404/);
});

test('as many calls as a script likes are carried out, in their order', async (t) => {
  const page = await foreign(t, element(t, '<lr-lab query="v=1&dataset=gauss" loading="eager"></lr-lab>'));
  const [last, steps] = await page.evaluate(async () => {
    const lab = document.querySelector('lr-lab');
    let state;
    for (let i = 0; i < 250; i++) state = await lab.step(1);
    const answers = await Promise.all(Array.from({ length: 250 }, () => lab.step(1)));
    return [state.step, answers.map((s) => s.step)];
  });
  assert.equal(last, 250);
  assert.deepEqual(steps, Array.from({ length: 250 }, (_, i) => 251 + i));
});

test('a call that cannot be carried out says why, changes nothing, and leaves no notice in the page', async (t) => {
  const page = await foreign(t, element(t, '<lr-lab query="v=1&lr=0.05&lane=lr%3D1" loading="eager"></lr-lab>'));
  await page.evaluate(() => document.querySelector('lr-lab').run(30).then(() => null));
  const frame = page.frames()[1], whole = () => frame.evaluate(() => {
    const { query, step, notices, lanes } = lrlab.state();
    return { query, step, notices, hashes: lanes.map((lane) => lane.theta_hash) };
  });
  const before = await whole();
  const say = (call, arg) => page.evaluate(([name, value]) => document.querySelector('lr-lab')[name](value).then(() => 'done', (error) => error.message), [call, arg]);
  assert.equal(await say('setState', 'lesson=toto'), "There is no lesson 'toto'.");
  assert.match(await say('setState', 'lr=banana'), /^'lr' was 'banana'; allowed is a number/);
  for (const query of ['', '%%%', 'toto', 'v=99&lr=0.1']) assert.match(await say('setState', query), /setting|format/);
  assert.match(await say('set', 'lr=1e9'), /allowed is a number from 1e-6 to 10\.$/);
  assert.equal(await say('set', 'lr=0.2&quux=2'), "There is no setting named 'quux'.");
  assert.match(await say('task', -1), /^The task must be a whole number/);
  assert.match(await say('task', '1'), /^The task must be a whole number/);
  assert.match(await say('task', 1), /^No lesson is open/);
  assert.deepEqual(await whole(), before);
  assert.deepEqual(before.notices, []);
});

test('the height follows what is shown; what is locked stays; a poster that cannot be shown is left out', async (t) => {
  t.expect_fault(/nothing\.svg|img-src/);
  const page = await foreign(t, element(t, `
    <lr-lab id="a" query="v=1" lock="rate,setup" loading="eager"></lr-lab>
    <lr-lab id="b" loading="click" poster="${t.site}nothing.svg"></lr-lab>`),
    "for (const lab of document.querySelectorAll('lr-lab')) lab.style.height = 'auto';");
  const height = () => page.evaluate(() => document.getElementById('a').getBoundingClientRect().height);
  const usual = await wait(page, () => { const h = document.getElementById('a').getBoundingClientRect().height; return h > 600 && h < 660 ? h : 0; });
  await page.evaluate(() => document.getElementById('a').setAttribute('hide', 'setup,picture,lanes,plots,timeline'));
  await wait(page, () => document.getElementById('a').getBoundingClientRect().height < 320);
  await page.evaluate(() => document.getElementById('a').setAttribute('hide', 'timeline'));
  await wait(page, (was) => document.getElementById('a').getBoundingClientRect().height === was, usual);
  assert.equal(await height(), usual);
  const frame = page.frames().find((f) => f.url().includes('embed.html'));
  const controls = await frame.evaluate(() => lrlab.state().controls);
  assert.equal(controls.find((c) => c.id === 'lr').enabled, false);
  assert.equal(controls.find((c) => c.id === 'play').enabled, true);
  assert.equal(await page.evaluate(() => document.getElementById('a').set('lr=0.3').then((s) => s.lanes[0].lr)), 0.3, 'a script may');
  await wait(page, () => !document.getElementById('b').shadowRoot.querySelector('img'));
});

test('an embedded lab works in a frame that may run scripts and nothing else', async (t) => {
  const page = await foreign(t, `<iframe sandbox="allow-scripts" title="lab" src="${t.site}embed.html#lesson=clipping"></iframe>`, `
    window.heard = [];
    addEventListener('message', (event) => heard.push({ origin: event.origin, data: event.data }));`);
  await wait(page, "() => heard.some((m) => m.data.event === 'ready')");
  await page.evaluate(() => frames[0].postMessage({ lrlab: 1, id: 'x', call: 'run', arg: 20 }, '*'));
  await wait(page, "() => heard.some((m) => m.data.id === 'x')");
  const answer = await page.evaluate(() => heard.find((m) => m.data.id === 'x'));
  assert.equal(answer.origin, 'null');
  assert.equal(answer.data.ok, true);
  assert.equal(answer.data.result.step, 20);
  // Sharing works there too, though nothing may be fetched and no clipboard written.
  const frame = page.frames()[1];
  await frame.evaluate(() => lrlab.command('press share'));
  await frame.locator('#share .qr svg').waitFor();
  assert.match(await frame.getByLabel('Link to this experiment').inputValue(), /index\.html#v=1/);
});

test('malformed and foreign messages change nothing', async (t) => {
  t.expect_fault(/target origin provided/);  // the browser's own word for a page that is not spoken to
  const other = encodeURIComponent('https://example.org');
  const page = await foreign(t, `
    <iframe title="lab" src="${t.site}embed.html#v=1"></iframe>
    <iframe title="lab of another" src="${t.site}embed.html#v=1&origin=${other}"></iframe>`, `
    window.answers = [];
    addEventListener('message', (event) => answers.push(event.data));`);
  await wait(page, "() => answers.some((m) => m.event === 'ready')");
  const before = await page.evaluate(() => new Promise((done) => {
    addEventListener('message', (event) => event.data.id === 1 && done(event.data.result), { once: false });
    frames[0].postMessage({ lrlab: 1, id: 1, call: 'getState' }, '*');
  }));
  await page.evaluate(() => {
    const bad = [null, 1, 'play', [], {}, { lrlab: 2, id: 9, call: 'play' }, { lrlab: 1, call: 'play' }, { lrlab: 1, id: 9 },
      { lrlab: 1, id: 1.5, call: 'play' }, { lrlab: 1, id: {}, call: 'play' }, { lrlab: 1, id: 'x'.repeat(1000), call: 'play' },
      { lrlab: 1, id: 9, call: 'play', extra: 1 }, { lrlab: 1, id: 9, call: ['play'] }, { lrlab: '1', id: 9, call: 'play' }, { call: 'load v=1&lr=5' }];
    for (let i = 0; i < 700; i++) for (const m of bad) frames[0].postMessage(m, '*');
    for (const m of [{ call: 'constructor' }, { call: '__proto__' }, { call: 'run', arg: 1e9 }, { call: 'run', arg: '5' }, { call: 'step', arg: 0 },
      { call: 'setState', arg: 7 }, { call: 'setState', arg: 'v=1&lr=5' + 'x'.repeat(9000) }, { call: 'theme', arg: 'red' }, { call: 'hide', arg: 'everything' }, { call: 'task', arg: 1 }])
      frames[0].postMessage({ lrlab: 1, id: 5, ...m }, '*');
    frames[1].postMessage({ lrlab: 1, id: 6, call: 'play' }, '*');
  });
  // The flood has used up what is answered in a second: ask until it answers again.
  await wait(page, "() => { frames[0].postMessage({ lrlab: 1, id: 7, call: 'getState' }, '*'); return answers.some((m) => m.id === 7); }");
  const answers = await page.evaluate(() => answers);
  assert.deepEqual(answers.find((m) => m.id === 7).result, before);
  assert.equal(answers.filter((m) => m.id === 5 && m.ok === false).length, 10);
  assert.equal(answers.filter((m) => m.id === 9 || m.id === 6).length, 0);
});

test('the wheel scrolls the host page over a lab that nobody has clicked', async (t) => {
  const page = await foreign(t, element(t, '<lr-lab lesson="too-low"></lr-lab><lr-lab loading="click"></lr-lab>'));
  await page.evaluate(() => document.querySelector('lr-lab').ready.then(() => null));
  await page.mouse.move(400, 400);
  await page.mouse.wheel(0, 300);
  await wait(page, '() => scrollY >= 200');
});

for (const [name, size] of [['wide', { width: 1200, height: 900 }], ['phone', { width: 390, height: 844 }]])
  test(`the article: every page holds, with its labs, ${name}`, async (t) => {
    for (const file of ['index', 'effects', 'schedules', 'adaptive', 'techniques', 'practice', 'embedding']) {
      const page = await t.page({ viewport: size, colorScheme: name === 'wide' ? 'light' : 'dark' });
      await page.goto(`${t.site}article/${file}.html`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${file} is wider than the screen`);
      const links = await page.evaluate(() => [...document.querySelectorAll('a[href]')].map((a) => a.href));
      for (const link of links.filter((l) => l.startsWith(t.site))) {
        const url = new URL(link), path = url.pathname.slice(1) || 'index.html';
        const text = readFileSync(join(kTop, 'build/web/site', path), 'utf8');
        if (url.hash && !url.hash.includes('=')) assert.ok(text.includes(`id="${url.hash.slice(1)}"`), `${link} leads nowhere`);
      }
      const lab = page.locator('lr-lab').first();
      if (await lab.count()) {
        await lab.scrollIntoViewIfNeeded();
        await page.evaluate(() => document.querySelector('lr-lab').ready.then(() => null));
        await page.evaluate(() => document.querySelector('lr-lab').run(100).then(() => null));
      }
      mkdirSync(kShots, { recursive: true });
      await page.screenshot({ path: join(kShots, `article-${file}-${name}.png`) });
      await page.close();
    }
  });
