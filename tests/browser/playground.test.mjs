// What a person does with lanes, dial and plots: by mouse, by finger, by keyboard; and back again.
import { assert, test, wait } from './harness.mjs';

const kRace = '#v=1&dataset=moons&lr=0.1&lane=lr%3D0.5';
const kPhone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

test('a lane is duplicated, its optimizer changed, the dial dragged, lanes reordered, and all of it undone', async (t) => {
  const lab = await t.lab(kRace);
  const queries = [(await lab.state()).query];
  const done = async (what, condition, argument) => {
    const { query } = await lab.until(what, condition, argument);
    queries.push(query);
  };
  await lab.click('lane.0.duplicate');
  await done('there are three lanes', (s) => s.lanes.length === 3 && s.selected === 1);
  await lab.choose('optimizer', 'Adam');
  await done('only the copy has Adam', (s) => s.lanes.map((l) => /optimizer=adam/.test(l.query)).join() === 'false,true,false');
  await lab.drag('lr', 0.7, 0.45);
  await done('the dial has turned', (s) => s.lanes[1].lr < 0.01);
  const before = (await lab.state()).lanes[0];

  // The second lane to the top, by its handle.
  const from = await lab.place('lane.1.move'), to = await lab.place('lane.0.move');
  await lab.page.mouse.move(from.x, from.y);
  await lab.page.mouse.down();
  await lab.page.mouse.move(to.x, to.y, { steps: 8 });
  await lab.page.mouse.up();
  await done('Adam is first', (s) => /optimizer=adam/.test(s.lanes[0].query));
  assert.equal((await lab.state()).lanes[1].theta_hash, before.theta_hash, 'the lanes kept their runs');

  for (const query of queries.slice(0, -1).reverse()) {
    await lab.page.keyboard.press('Control+z');
    await lab.until('one step is undone', (s, q) => s.query === q, query);
  }
});

test('order, colour and what is hidden are in the link', async (t) => {
  const lab = await t.lab(kRace);
  await lab.click('lane.1.visible');
  await lab.until('it is hidden', (s) => /shown/.test(s.query));
  const page = lab.page;
  await lab.command('focus lane.1.move');
  await page.locator('#lab').focus();
  await page.keyboard.press('ArrowUp');
  const moved = await lab.until('it is first', (s) => s.lanes[0].lr === 0.5);
  await wait(page, (q) => location.hash.slice(1) === q, moved.query);
  const again = await t.lab(new URL(page.url()).hash);
  const state = await again.state();
  assert.equal(state.query, moved.query);
  assert.deepEqual(state.notices, []);
});

test('smoothing and the axis of the plots change what is drawn, and nothing of the run', async (t) => {
  const lab = await t.lab(`${kRace}`);
  await lab.command('run 300');
  const before = await lab.state();
  const box = (id) => lab.control(id).then(({ x, y, w, h }) => ({ x, y, width: w, height: h }));
  const shot = async () => (await lab.page.screenshot({ clip: await box('plot.loss') })).toString('base64');
  const raw = await shot();
  await lab.choose('plots.smoothing', 'Smoothing 0.97');
  await lab.until('it is chosen', (s) => s.controls.some((c) => c.id === 'plots.smoothing' && c.value === 'Smoothing 0.97'));
  assert.notEqual(await shot(), raw);
  await lab.choose('plots.axis', 'By seconds');
  await lab.until('it is chosen', (s) => s.controls.some((c) => c.id === 'plots.axis' && c.value === 'By seconds'));
  const after = await lab.state();
  assert.equal(after.query, before.query);
  assert.deepEqual(after.lanes.map((l) => l.theta_hash), before.lanes.map((l) => l.theta_hash));
  assert.equal(new URL(lab.page.url()).hash, kRace);
});

test('by finger: a lane is moved, and its menu renames it', async (t) => {
  const lab = await t.lab(kRace, kPhone);
  await lab.tap('tab.Lanes');
  const from = await lab.place('lane.1.move'), to = await lab.place('lane.0.move');
  const touch = await lab.page.context().newCDPSession(lab.page);
  const send = (type, x, y) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
  await send('touchStart', from.x, from.y);
  for (let i = 1; i <= 8; i++) await send('touchMove', from.x, from.y + ((to.y - from.y) * i) / 8);
  await lab.until('it is first', (s) => s.lanes[0].lr === 0.5);
  await send('touchEnd');
  await lab.tap('lane.0.more');
  const menu = await lab.until('the menu is open', (s) => s.controls.some((c) => c.id === 'lane.0.more.0' && c.label === 'Rename'));
  assert.ok(menu.controls.filter((c) => c.id.startsWith('lane.0.more.')).every((c) => c.h >= 44 && c.x + c.w <= 390));
  await lab.tap('lane.0.more.0');
  await wait(lab.page, () => document.activeElement.className === 'text-agent' && document.getElementById('lab').classList.contains('editing'));
  await lab.page.keyboard.insertText('too fast');
  await lab.page.keyboard.press('Enter');
  await lab.until('it has its name', (s) => s.lanes[0].name === 'too fast');
});

test('by keyboard alone: a lane is added, found, renamed and removed', async (t) => {
  const lab = await t.lab(kRace);
  const { page } = lab;
  await page.locator('#lab').focus();
  await page.keyboard.press('Enter');
  const go = async (id) => {
    for (let n = 0; n < 300; n++) {
      const now = (await lab.until('a control has the keyboard', (s) => s.controls.some((c) => c.focused))).controls.find((c) => c.focused).id;
      if (now === id) return;
      await page.keyboard.press('Tab');
      await lab.until('the next one has it', (s, old) => s.controls.some((c) => c.focused && c.id !== old), now);
      assert.ok(await page.evaluate(() => document.activeElement?.id === 'lab'), `the keyboard came to ${id}`);
    }
    assert.fail(`${id} is not reached`);
  };
  await go('lane.add');
  await page.keyboard.press('Enter');
  await lab.until('there are three lanes', (s) => s.lanes.length === 3);
  await go('lane.1.rename');
  await page.keyboard.press('Enter');
  await wait(page, () => document.getElementById('lab').classList.contains('editing'));
  await page.keyboard.type('mine');
  await page.keyboard.press('Enter');
  await lab.until('it has its name', (s) => s.lanes[1].name === 'mine');
  await go('lane.1.remove');
  await page.keyboard.press('Enter');
  await lab.until('it is gone', (s) => s.lanes.length === 2 && !s.lanes.some((l) => l.name === 'mine'));
});
