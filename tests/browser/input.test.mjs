// Mouse, wheel, keyboard, touch and clipboard: the lab is a good guest in its page.
import { createServer } from 'node:http';
import { assert, frames, test, wait } from './harness.mjs';

const kFocused = () => document.activeElement?.id === 'lab';

test('Tab and Shift+Tab leave the canvas: the keyboard is never trapped', async (t) => {
  const lab = await t.lab('#v=1');
  for (const key of ['Tab', 'Shift+Tab']) {
    await lab.page.locator('#lab').focus();
    assert.equal(await lab.page.evaluate(kFocused), true);
    await lab.page.keyboard.press(key);
    assert.equal(await lab.page.evaluate(kFocused), false, key);
  }
  // Also after a click into it.
  await lab.click('play');
  assert.equal(await lab.page.evaluate(kFocused), true);
  await lab.page.keyboard.press('Tab');
  assert.equal(await lab.page.evaluate(kFocused), false, 'after a click');
});

test('the keyboard can go through the whole page: the skip link, the lab and each plain control are reached, and seen when they are', async (t) => {
  const { page } = await t.lab('#v=1');
  const seen = [];
  for (let i = 0; i < 9; i++) {
    await page.keyboard.press('Tab');
    seen.push(await page.evaluate(() => {
      const e = document.activeElement, box = e.getBoundingClientRect();
      const shown = e.id === 'lab' ? getComputedStyle(e).outlineStyle === 'solid'
                                   : document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === e;
      return `${e.id || e.className} ${shown}`;
    }));
  }
  assert.deepEqual(seen.slice(0, 7), ['skip true', 'lab true', 'play true', 'step true', 'reset true', 'rate true', 'rate-number true']);
});

test('the ring that shows where the keyboard is does not bother who uses the mouse', async (t) => {
  const lab = await t.lab('#v=1');
  const ring = () => lab.page.evaluate(() => getComputedStyle(document.getElementById('lab')).outlineStyle);
  await lab.click('play');
  assert.equal(await lab.page.evaluate(kFocused), true);
  assert.equal(await ring(), 'none');
  await lab.page.keyboard.press('Tab');
  await lab.page.keyboard.press('Shift+Tab');
  assert.equal(await ring(), 'solid');
});

test('keys work on a page of its own before anything was clicked', async (t) => {
  const lab = await t.lab('#v=1');
  assert.equal(await lab.page.evaluate(kFocused), false);
  await lab.page.keyboard.press('Space');
  await lab.until('it trains', (s) => s.playing && s.step > 0);
  await lab.page.keyboard.press('Space');
  await lab.until('it stands', (s) => !s.playing);
});

test('Enter goes into the lab, Tab walks through its controls, Escape leaves', async (t) => {
  const lab = await t.lab('#v=1');
  await lab.page.locator('#lab').focus();
  await lab.page.keyboard.press('Enter');
  const first = await lab.until('a control has the keyboard', (s) => s.controls.some((c) => c.focused));
  const id = first.controls.find((c) => c.focused).id;
  await lab.page.keyboard.press('Tab');
  await lab.until('the next one has it', (s, old) => s.controls.some((c) => c.focused && c.id !== old), id);
  assert.equal(await lab.page.evaluate(kFocused), true);
  await lab.page.keyboard.press('Escape');
  assert.equal(await lab.page.evaluate(kFocused), false);
});

test('walking with Tab ends outside, after the last control', async (t) => {
  const lab = await t.lab('#v=1');
  await lab.page.locator('#lab').focus();
  await lab.page.keyboard.press('Enter');
  await lab.until('a control has the keyboard', (s) => s.controls.some((c) => c.focused));
  const walked = await lab.page.evaluate(() => {
    for (let n = 0; n < 1000; n++) {
      const event = new KeyboardEvent('keydown', { key: 'Tab', code: 'Tab', bubbles: true, cancelable: true });
      document.activeElement.dispatchEvent(event);
      if (!event.defaultPrevented) return n;  // now the browser would move on
    }
    return Infinity;
  });
  assert.ok(walked > 10 && walked < 1000, `${walked} controls were walked through`);
  await lab.page.keyboard.press('Tab');
  assert.equal(await lab.page.evaluate(kFocused), false);
});

test('Escape closes an open list first, and leaves the canvas when there is nothing to close', async (t) => {
  const lab = await t.lab('#v=1');
  await lab.click('optimizer');
  await lab.until('the list is open', (s) => s.controls.some((c) => c.id.startsWith('optimizer.') && c.role === 'option'));
  await lab.page.keyboard.press('Escape');
  await lab.until('the list is closed', (s) => !s.controls.some((c) => c.id.startsWith('optimizer.') && c.role === 'option'));
  assert.equal(await lab.page.evaluate(kFocused), true, 'still in the lab');
  await lab.page.keyboard.press('Escape');
  assert.equal(await lab.page.evaluate(kFocused), false, 'and out of it');
});

test('space plays and pauses, when the lab has the keyboard', async (t) => {
  const lab = await t.lab('#v=1');
  await lab.page.locator('#lab').focus();
  await lab.page.keyboard.press('Space');
  await lab.until('it plays', (s) => s.playing);
  await lab.page.keyboard.press('Space');
  await lab.until('it is paused', (s) => !s.playing);
});

test('keys of the browser stay the browser’s: F5, F12, Ctrl+F, L, R, T, W, +, -, 0, and Alt with anything', async (t) => {
  const lab = await t.lab('#v=1');
  await lab.page.locator('#lab').focus();
  const taken = await lab.page.evaluate(() => {
    const ctrl = ['f', 'l', 'r', 't', 'w', 'n', 'p', '+', '-', '=', '0', 'Tab', 'PageUp'].map((key) => ({ key, ctrlKey: true }));
    const plain = ['Tab', 'F1', 'F3', 'F5', 'F6', 'F11', 'F12', 'AudioVolumeUp'].map((key) => ({ key }));
    const meta = ['f', 'l', 'r', 't', 'w', 'q', '+', '-', '0'].map((key) => ({ key, metaKey: true }));
    const alt = ['ArrowLeft', 'Home', 'd'].map((key) => ({ key, altKey: true }));
    return [...ctrl, ...plain, ...meta, ...alt].filter((init) => {
      const event = new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true });
      document.getElementById('lab').dispatchEvent(event);
      return event.defaultPrevented;
    });
  });
  assert.deepEqual(taken, []);
});

test('keys that scroll a page do not scroll it while the lab has the keyboard', async (t) => {
  const lab = await t.lab('#v=1');
  const kept = await lab.page.evaluate(() => ['ArrowDown', 'PageDown', ' ', 'Home', 'End'].filter((key) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    document.getElementById('lab').dispatchEvent(event);
    return !event.defaultPrevented;
  }));
  assert.deepEqual(kept, []);
});

// A tall page of somebody else, on another origin, with the lab in a frame.
async function host(t, body, options) {
  const page = await t.page(options);
  const html = `<!doctype html><title>A tutorial</title><meta name="viewport" content="width=device-width"><body style="margin:0"><div style="height:300px">Text above.</div>
    <iframe src="${t.site}#v=1" style="width:min(100%,900px);height:500px;border:0"></iframe><div style="height:3000px">Text below.</div>`;
  const server = createServer((request, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(html));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://localhost:${server.address().port}/`;
  t.allowed.push(address);
  try {
    await page.goto(address);
    const frame = page.frames()[1];
    await wait(frame, () => globalThis.lrlab?.state()?.controls.length > 0);
    await body(page, frame);
  } finally {
    await page.close();
    server.close();
  }
}

test('the wheel over a lab that nobody clicked scrolls the page around it; once clicked, the lab', async (t) => {
  await host(t, async (page, frame) => {
  await page.mouse.move(450, 500);
  await page.mouse.wheel(0, 200);
  await wait(page, () => scrollY > 100);
  await page.evaluate(() => scrollTo(0, 0));
  await wait(page, () => scrollY === 0);
  await page.mouse.click(450, 550);
  await wait(frame, () => document.activeElement.id === 'lab');
  const used = frame.evaluate(() => new Promise((done) =>
    document.getElementById('lab').addEventListener('wheel', (event) => setTimeout(() => done(event.defaultPrevented)), { once: true })));
  await page.mouse.move(450, 500);
  await page.mouse.wheel(0, 200);
  assert.equal(await used, true, 'the lab used the wheel');
  await frames(page, 10);
  assert.equal(await page.evaluate(() => scrollY), 0);
  });
});

test('a finger over a lab that nobody touched scrolls the page around it', async (t) => {
  await host(t, async (page, frame) => {
    const action = await frame.evaluate(() => getComputedStyle(document.getElementById('lab')).touchAction);
    assert.match(action, /^pan-y pinch-zoom$/);
  });
});

test('a lab that was scrolled out of sight rests, and goes on when it is back, without a burst', async (t) => {
  await host(t, async (page, frame) => {
  await frame.evaluate(() => lrlab.command('play'));
  await wait(frame, () => lrlab.state().step > 20);
  await page.evaluate(() => scrollTo(0, 2500));
  // It rests when the time of many frames changes nothing.
  const at = await page.evaluate(() => scrollY);
  assert.ok(at > 2000);
  const { step } = await wait(frame, async () => {
    const { step } = lrlab.state();
    for (let i = 0; i < 20; i++) await new Promise((done) => setTimeout(done, 16));
    return lrlab.state().step === step && { step };
  });
  await page.evaluate(() => scrollTo(0, 0));
  const back = await wait(frame, (old) => {
    const now = lrlab.state().step;
    return now > old ? now : false;
  }, step, { each_frame: true });
  assert.ok(back - step < 60, 'at 200 steps a second a frame owes few of them');
  });
});

test('a drag that leaves the canvas goes on: the pointer is held', async (t) => {
  const lab = await t.lab('#v=1&lr=0.01');
  const from = await lab.place('lr', 0.5), to = await lab.place('lr', 0.7);
  await lab.page.mouse.move(from.x, from.y);
  await lab.page.mouse.down();
  await lab.page.mouse.move(to.x, -40, { steps: 8 });
  const moved = await lab.until('the dial follows', (s) => s.lanes[0].lr > 0.05);
  await lab.page.mouse.up();
  await lab.page.mouse.move(from.x, from.y);
  await frames(lab.page, 5);
  assert.equal((await lab.state()).lanes[0].lr, moved.lanes[0].lr, 'and ends where the button was let go');
});

test('text of a field can be copied, cut and pasted', async (t) => {
  const lab = await t.lab('#v=1&lr=0.25', { permissions: ['clipboard-read', 'clipboard-write'] });
  await lab.click('lr.value');
  await wait(lab.page, () => document.getElementById('lab').classList.contains('editing'));
  await lab.page.keyboard.press('Control+A');
  await lab.page.keyboard.press('Control+C');
  assert.equal(await lab.page.evaluate(() => navigator.clipboard.readText()), '0.25');
  await lab.page.evaluate(() => navigator.clipboard.writeText('0.0625'));
  await lab.page.keyboard.press('Control+A');
  await lab.page.keyboard.press('Control+V');
  await lab.page.keyboard.press('Enter');
  await lab.until('what was pasted is taken', (s) => s.lanes[0].lr === 0.0625);
});

test('Share offers a link and puts it on the clipboard; where that is forbidden it can be copied by hand', async (t) => {
  const lab = await t.lab('#v=1&lr=0.25', { permissions: ['clipboard-read', 'clipboard-write'] });
  await lab.click('share');
  const link = lab.page.locator('#share section.link');
  await link.getByRole('button', { name: 'Copy' }).click();
  await wait(lab.page, async () => /^http.*lr=0\.25/.test(await navigator.clipboard.readText()));
  const other = await t.lab('#v=1&lr=0.25', {}, (page) => page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
  }));
  await other.click('share');
  const text = other.page.locator('#share section.link textarea');
  assert.match(await text.inputValue(), /^http.*lr=0\.25/);
  await other.page.locator('#share section.link').getByRole('button', { name: 'Copy' }).click();
  await wait(other.page, () => /Copied|Ctrl\+C/.test(document.querySelector('#share section.link [role=status]').textContent));
  assert.ok(await text.evaluate((area) => area.selectionEnd > 20 && area.selectionEnd === area.value.length), 'it is selected');
});

const kPhone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

test('by finger: play is tapped, and the dial dragged', async (t) => {
  const lab = await t.lab('#v=1&lr=0.01', kPhone);
  await lab.tap('play');
  await lab.until('it plays', (s) => s.playing && s.step > 3);
  const from = await lab.place('lr', 0.5), to = await lab.place('lr', 0.8);
  const touch = await lab.page.context().newCDPSession(lab.page);
  const send = (type, x, y) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
  await send('touchStart', from.x, from.y);
  for (let i = 1; i <= 8; i++) await send('touchMove', from.x + ((to.x - from.x) * i) / 8, from.y);
  await lab.until('the dial follows the finger', (s) => s.lanes[0].lr > 0.05);
  await send('touchEnd');
});

test('by finger: swipes over the dial scroll the page around and never turn it', async (t) => {
  await host(t, async (page, frame) => {
    const before = await frame.evaluate(() => lrlab.state().query);
    const dial = await frame.evaluate(() => lrlab.state().controls.find((c) => c.id === 'lr'));
    const touch = await page.context().newCDPSession(page);
    const send = (type, x, y) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
    for (let k = 0; k < 3; k++) {
      const at = await page.evaluate(() => scrollY);
      const x = dial.x + dial.w * 0.7, y = 300 - at + dial.y + dial.h * 0.5;
      await send('touchStart', x, y);
      for (let i = 1; i <= 10; i++) await send('touchMove', x + i / 2, y - 8 * i);
      await send('touchEnd');
      await wait(page, (old) => scrollY > old + 30, at);
      await frames(page, 5);
    }
    assert.equal(await frame.evaluate(() => lrlab.state().query), before);
  }, kPhone);
});

test('by finger: two of them zoom a plot that is made big', async (t) => {
  const lab = await t.lab('#v=1&lr=0.01', kPhone);
  await lab.command('run 300');
  await lab.tap('tab.Plots');
  await lab.tap('plot.loss.big');
  await wait(lab.page, () => document.getElementById('lab').classList.contains('zooms'));
  const { x, y } = await lab.place('plot.loss');
  const touch = await lab.page.context().newCDPSession(lab.page);
  const send = (type, d) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: d ? [{ x, y: y - d, id: 1 }, { x, y: y + d, id: 2 }] : [] });
  await send('touchStart', 40);
  for (let d = 45; d <= 120; d += 5) {
    await send('touchMove', d);
    await frames(lab.page, 1);
  }
  await send('touchEnd', 0);
  await lab.control('plot.loss.fit');
  assert.equal(await lab.page.evaluate(() => visualViewport.scale), 1, 'the page was not zoomed');
});

test('by finger: a field opens the on-screen keyboard, through a real input', async (t) => {
  const lab = await t.lab('#v=1&lr=0.01', kPhone);
  await lab.tap('lr.value');
  await wait(lab.page, () => document.activeElement.tagName === 'INPUT' && document.activeElement.className === 'text-agent');
  await lab.page.keyboard.insertText('0.04');
  await lab.page.keyboard.press('Enter');
  await lab.until('it is taken', (s) => s.lanes[0].lr === 0.04);
});

test('the plain controls steer the lab and follow it', async (t) => {
  const lab = await t.lab('#v=1&lr=0.01');
  const { page } = lab;
  await page.getByRole('button', { name: 'Play' }).focus();
  await page.keyboard.press('Enter');
  await lab.until('it plays', (s) => s.playing);
  await page.getByRole('button', { name: 'Pause' }).press('Enter');
  await lab.until('it is paused', (s) => !s.playing);
  await page.getByRole('button', { name: 'Start again' }).press('Enter');
  await lab.until('it is at the start', (s) => s.step === 0);
  await page.getByRole('button', { name: 'One step' }).press('Enter');
  await lab.until('one step is taken', (s) => s.step === 1);
  await page.getByRole('slider', { name: 'Learning rate' }).press('ArrowRight');
  const { lanes: [lane] } = await lab.until('the rate rose', (s) => s.lanes[0].lr > 0.01);
  assert.ok(lane.lr < 0.013);
  const number = page.getByRole('spinbutton', { name: 'Learning rate, exact' });
  await number.fill('0.3');
  await number.press('Enter');
  await lab.until('the number is taken', (s) => s.lanes[0].lr === 0.3);
  await wait(page, () => /Step 1\. Training loss [\d.]+/.test(document.getElementById('now').textContent));
  await lab.command('set lr=2');
  await wait(page, () => Math.abs(document.getElementById('rate').value - Math.log10(2)) < 0.06);
});

test('the end of a run is announced to those who cannot see it', async (t) => {
  const lab = await t.lab('#v=1&lr=10');
  await lab.command('play');
  await wait(lab.page, () => /diverged/.test(document.getElementById('status').textContent));
});
