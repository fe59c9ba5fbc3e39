// One's own data, and the pictures of where a run is.
import { assert, frames, test, wait } from './harness.mjs';

async function paint(lab, places) {
  for (const [fx, fy] of places) {
    const { points } = await count(lab);
    const { x, y } = await lab.place('picture.0', fx, fy);
    await lab.page.mouse.click(x, y);
    await lab.until('the point is there', (s, n) => parseInt(s.controls.find((c) => c.id === 'picture.0').value, 10) === n, points + 1);
  }
}
async function count(lab) {
  const board = (await lab.state()).controls.find((c) => c.id === 'picture.0');
  return { points: parseInt(board.value, 10) };
}

test('points are painted, learned, and undone one by one; a link brings them back', async (t) => {
  const lab = await t.lab('#v=1');
  await lab.click('own.paint');
  await lab.until('there is an empty board', (s) => s.controls.some((c) => c.id === 'picture.0' && c.value === '0 points'));
  await paint(lab, [[0.2, 0.2], [0.2, 0.5], [0.25, 0.8]]);
  await lab.click('paint.1');
  await paint(lab, [[0.8, 0.2], [0.8, 0.5], [0.75, 0.8]]);
  await lab.shot('painted');
  await lab.command('run 300');
  const { lanes: [lane] } = await lab.state();
  assert.equal(lane.train_accuracy, 1);
  await wait(lab.page, () => location.hash === `#${lrlab.state().query}`);  // with the last point, too
  const again = await t.lab(new URL(lab.page.url()).hash);
  await again.command('run 300');
  assert.equal((await again.state()).lanes[0].theta_hash, lane.theta_hash);
  for (const left of [5, 4, 3]) {
    await lab.click('undo');
    await lab.until('a point is gone', (s, n) => parseInt(s.controls.find((c) => c.id === 'picture.0').value, 10) === n, left);
  }
});

test('the digits are fetched when they are chosen, once, and then train', async (t) => {
  const lab = await t.lab('#v=1');
  const fetched = () => lab.page.evaluate(() => performance.getEntriesByType('resource').filter((e) => e.name.endsWith('/digits.js')).length);
  assert.equal(await fetched(), 0);
  await lab.command('set dataset=digits');
  await lab.until('the samples are there', (s) => s.lanes[0].train_loss > 0);
  await lab.command('run 200');
  const { lanes: [lane] } = await lab.state();
  assert.equal(lane.step, 200);
  assert.ok(lane.test_accuracy > 0.3, `${lane.test_accuracy}`);
  await lab.command('set dataset=moons');
  await lab.command('set dataset=digits');
  await lab.command('run 1');
  assert.equal((await lab.state()).lanes[0].step, 1);
  assert.equal(await fetched(), 1);
});

test('digits that cannot be fetched leave a sentence and a living page, and come at the next try', async (t) => {
  const lab = await t.lab('#v=1');
  t.expect_fault(/Failed to load resource|net::ERR/);
  await lab.page.route('**/digits.js', (route) => route.abort());
  await lab.command('set dataset=digits');
  await lab.until('it says so', (s) => s.notices.some((n) => n.includes('could not be fetched')));
  await lab.shot('digits-missing');
  await lab.page.unroute('**/digits.js');
  await lab.command('set dataset=moons');
  await lab.command('run 5');
  assert.equal((await lab.state()).lanes[0].step, 5);
  await lab.command('set dataset=digits');
  await lab.until('the samples are there', (s) => s.lanes[0].train_loss > 0);
});

test('points are painted by finger on a phone', async (t) => {
  const lab = await t.lab('#v=1&dataset=custom', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await lab.click('notices.close');
  await lab.until('the notice is gone', (s) => s.notices.length === 0);
  const a = await lab.place('picture.0', 0.3, 0.4);
  await lab.page.touchscreen.tap(a.x, a.y);
  await lab.until('a point is there', (s) => s.controls.find((c) => c.id === 'picture.0').value === '1 point');
  await lab.tap('paint.1');
  const b = await lab.place('picture.0', 0.7, 0.6);
  await lab.page.touchscreen.tap(b.x, b.y);
  await lab.until('another is there', (s) => s.controls.find((c) => c.id === 'picture.0').value === '2 points');
  assert.match((await lab.state()).query, /dataset=custom&data=c.{10}(&|$)/);
  await lab.shot('painted-phone');
});

const kGood = 'height,width,colour,kind\n' +
  Array.from({ length: 60 }, (_, i) => `${i % 30},${(i * 7) % 11},red,${i % 30 < 15 ? 'short' : 'tall'}`).join('\n');

test('a CSV file is opened by its button, its columns are chosen, and it is learned', async (t) => {
  const lab = await t.lab('#v=1');
  const chooser = lab.page.waitForEvent('filechooser');
  await lab.click('own.open');
  await (await chooser).setFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(kGood) });
  const open = await lab.until('its dialog is there', (s) => s.controls.some((c) => c.id === 'file.summary'));
  assert.match(open.controls.find((c) => c.id === 'file.summary').label, /^60 samples, 2 inputs.*Learns 'kind': short, tall/);
  await lab.shot('csv');
  await lab.click('file.use');
  const state = await lab.until('it is used', (s) => /dataset=custom/.test(s.query) && !s.controls.some((c) => c.id === 'file.use'));
  assert.match(state.notices[0], /stay on this machine/);
  assert.doesNotMatch(state.query, /data=/);
  await lab.command('run 500');
  assert.ok((await lab.state()).lanes[0].test_accuracy > 0.8);
  await lab.command('undo');
  assert.doesNotMatch((await lab.state()).query, /dataset=custom/);
});

test('a bad CSV file dropped on the page is refused with its line and column, and changes nothing', async (t) => {
  const lab = await t.lab('#v=1');
  const drop = (name, text) => lab.page.evaluate(([file, content]) => {
    const data = new DataTransfer();
    data.items.add(new File([content], file, { type: 'text/csv' }));
    for (const type of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, [name, text]);
  await drop('bad.csv', 'a,b,kind\n1,2,x\n3,oops,y\n5,6,x\n');
  const state = await lab.until('it is refused', (s) => s.controls.some((c) => c.id === 'file.error'));
  assert.equal(state.controls.find((c) => c.id === 'file.error').label, "Line 3, column 2 ('b'): 'oops' is not a finite number.");
  assert.equal(state.controls.find((c) => c.id === 'file.use').enabled, false);
  assert.doesNotMatch(state.query, /custom/);
  await lab.shot('csv-bad');
  await lab.click('file.close');
  await lab.until('the dialog is gone', (s) => !s.controls.some((c) => c.id === 'file.error'));
  await drop('good.csv', kGood);
  await lab.until('a good one is read', (s) => s.controls.some((c) => c.id === 'file.summary'));
});

test('a test function is seen from the side and turned by keyboard and pointer', async (t) => {
  const lab = await t.lab('#v=1&surface=rosenbrock&lr=0.001&lane=optimizer%3Dadam%26lr%3D0.05');
  await lab.command('run 300');
  await lab.click('picture.view.3-D');
  const before = await lab.until('it is a relief', (s) => s.controls.some((c) => c.id === 'picture' && /turned/.test(c.value)));
  const value = before.controls.find((c) => c.id === 'picture').value;
  await lab.command('focus picture');
  await lab.page.locator('#lab').focus();
  await lab.page.keyboard.press('ArrowLeft');
  await lab.until('it has turned', (s, was) => s.controls.find((c) => c.id === 'picture').value !== was, value);
  await lab.page.keyboard.press('Home');
  await lab.until('it is as it was', (s, was) => s.controls.find((c) => c.id === 'picture').value === was, value);
  await lab.drag('picture', 0.3, 0.6);
  await lab.until('it has turned', (s, was) => s.controls.find((c) => c.id === 'picture').value !== was, value);
  await lab.shot('relief');
  await lab.command('play');
  await frames(lab.page, 10);
  const seconds = await lab.page.evaluate(() => new Promise((done) => {
    const start = performance.now();
    let n = 0;
    const next = () => (++n < 60 ? requestAnimationFrame(next) : done((performance.now() - start) / 1000));
    requestAnimationFrame(next);
  }));
  console.log(`        relief while two lanes train: ${(60 / seconds).toFixed(0)} frames a second`);
});

test('the loss landscape is drawn by workers, told when it is old, and drawn anew', async (t) => {
  const lab = await t.lab('#v=1&dataset=moons&lane=lr%3D0.5');
  await lab.command('run 200');
  const { theta_hash } = (await lab.state()).lanes[0];
  await lab.click('picture.tab.Landscape');
  const fine = (s) => s.controls.some((c) => c.id === 'picture' && (c.value === '64 by 64 points' || /turned/.test(c.value)));
  await lab.until('it is there', fine);
  await lab.shot('landscape');
  await lab.click('picture.view.3-D');
  await lab.until('it is seen from the side', (s) => s.controls.some((c) => c.id === 'picture' && c.role === 'slider'));
  await lab.shot('landscape-relief');
  assert.equal((await lab.state()).lanes[0].theta_hash, theta_hash, 'looking changes nothing');
  await lab.command('run 50');
  await lab.click('landscape.refresh');
  await lab.until('it is up to date', (s) => !s.controls.some((c) => c.id === 'landscape.refresh'));
  await lab.click('landscape.plane.Random plane');
  await lab.until('it is there again', fine);
  await lab.click('picture.tab.Answers');
  await lab.until('it is left', (s) => s.controls.some((c) => c.id === 'picture.0'));
});
