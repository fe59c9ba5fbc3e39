// A small test runner for the page in a real browser.
//
// A test is a claim in plain words and a function that throws when the claim is false. Tests run one
// after the other, each with a fresh browser context. There are no retries, and nothing waits for a
// time to pass: it waits for what is to become true. Every page is also watched: an error on its
// console, a violation of its content security policy or a request to elsewhere fails its test.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const kTop = fileURLToPath(new URL('../..', import.meta.url));
export const kShots = join(kTop, 'build', 'screenshots');

const kFlags = [
  '--no-sandbox',  // CI runs as root
  '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',  // WebGL 2 without a GPU
  '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-dev-shm-usage',
];

const tests = [];
export function test(claim, body) { tests.push({ claim, body }); }
export class Skip extends Error {}
// For what this machine cannot show. Says why.
export function skip(reason) { throw new Skip(reason); }

// ---- a page that is watched ----

export class Lab {
  constructor(t, page) {
    this.t = t;
    this.page = page;
  }

  state() { return this.page.evaluate(() => lrlab.state()); }
  command(text) { return this.page.evaluate((words) => lrlab.command(words), text); }

  // Waits until `condition(state, argument)` holds, and returns the state. It runs in the page: it
  // must use nothing from around it.
  async until(what, condition, argument, timeout) {
    const seen = await wait(this.page, `(value) => {
      const state = globalThis.lrlab?.state();
      return state && (${condition})(state, value) ? state : null;
    }`, argument, { timeout, give_up: null });
    if (seen) return seen;
    const state = await this.state().catch(() => null);
    if (state) delete state.controls;
    throw new Error(`waited in vain until ${what}; the state: ${JSON.stringify(state)}`);
  }

  // The control of that id, once it is on the screen and can be used.
  async control(id) {
    const state = await this.until(`there is a control '${id}' to use`,
                                   (s, wanted) => s.controls.some((c) => c.id === wanted && c.visible && c.enabled), id);
    return state.controls.find((c) => c.id === id);
  }

  // Where a control is, in the page's coordinates; `fx`, `fy`: where in it.
  async place(id, fx = 0.5, fy = 0.5) {
    const c = await this.control(id);
    const canvas = await this.page.locator('#lab').boundingBox();
    return { x: canvas.x + c.x + c.w * fx, y: canvas.y + c.y + c.h * fy };
  }

  async click(id) {
    const { x, y } = await this.place(id);
    await this.page.mouse.click(x, y);
  }

  async tap(id) {
    const { x, y } = await this.place(id);
    await this.page.touchscreen.tap(x, y);
  }

  // Presses, lets the lab see it, and moves there in steps.
  async drag(id, from, to) {
    const a = await this.place(id, from), b = await this.place(id, to);
    await this.page.mouse.move(a.x, a.y);
    await this.page.mouse.down();
    await this.page.mouse.move(b.x, b.y, { steps: 12 });
    await this.page.mouse.up();
  }

  // Opens the list `id` and takes the entry that says `label`.
  async choose(id, label) {
    await this.click(id);
    const state = await this.until(`the list '${id}' is open and has '${label}'`,
                                   (s, [list, text]) => s.controls.some((c) => c.id.startsWith(`${list}.`) && c.label === text),
                                   [id, label]);
    const entry = state.controls.find((c) => c.id.startsWith(`${id}.`) && c.label === label);
    await this.click(entry.id);
  }

  // Types into the field `id`, as a person: click, type, Enter.
  async type(id, text) {
    await this.click(id);
    await wait(this.page, () => document.getElementById('lab').classList.contains('editing'));
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Enter');
    await wait(this.page, () => !document.getElementById('lab').classList.contains('editing'));
  }

  // Variance of the picture's brightness (0 … 255²), over the whole canvas or a rectangle of it.
  async variance(clip) {
    const png = await this.page.screenshot(clip ? { clip } : {});
    return this.page.evaluate(async (base64) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      let sum = 0, squares = 0;
      const n = data.length / 4;
      for (let i = 0; i < data.length; i += 4) {
        const y = 0.2126 * data[i] + 0.7152 * data[i + 1] + 0.0722 * data[i + 2];
        sum += y;
        squares += y * y;
      }
      return squares / n - (sum / n) ** 2;
    }, png.toString('base64'));
  }

  async shot(name) {
    mkdirSync(kShots, { recursive: true });
    await this.page.screenshot({ path: join(kShots, `${name}.png`) });
  }
}

// Waits until `condition(argument)` of the page (or frame) is true, and returns its value. It looks every
// 30 ms, or with `each_frame` at every animation frame. (Playwright's own waiting uses eval, which the
// page's policy rightly forbids.)
export async function wait(page, condition, argument, { timeout = 30000, each_frame = false, give_up } = {}) {
  const deadline = performance.now() + timeout;
  for (;;) {
    const left = Math.max(0, deadline - performance.now());
    try {
      const value = await page.evaluate(`(async () => {
        const condition = ${condition}, argument = ${JSON.stringify(argument ?? null)}, start = performance.now();
        for (;;) {
          const value = await condition(argument);
          if (value) return { value };
          if (performance.now() - start > ${left}) return null;
          await new Promise((done) => ${each_frame ? 'requestAnimationFrame(done)' : 'setTimeout(done, 30)'});
        }
      })()`);
      if (value) return value.value;
    } catch (error) {
      // The page was loaded anew under our eyes: look again in the new one.
      if (!/context was destroyed|navigation|Cannot find context/i.test(error.message)) throw error;
    }
    if (performance.now() < deadline) continue;
    if (give_up !== undefined) return give_up;
    throw new Error(`waited in vain for: ${condition}`);
  }
}

// Waits for n animation frames of the page.
export function frames(page, n) {
  return page.evaluate((count) => new Promise((done) => {
    const next = () => (count-- > 0 ? requestAnimationFrame(next) : done());
    next();
  }), n);
}

class Test {
  constructor(browser, site) {
    this.browser = browser;
    this.site = site;          // address of the site, ends in '/'
    this.allowed = [site];     // where requests may go
    this.faults = [];
    this.contexts = [];
    this.expected = [];        // patterns of faults that belong to the test
  }

  expect_fault(pattern) { this.expected.push(pattern); }

  // A page of its own, watched. options: those of Browser.newContext; before(page): set-up.
  // A service worker would take requests out of the tests' sight: only `with_worker` lets one be.
  async page({ with_worker = false, ...options } = {}, before) {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    this.contexts.push(context);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.faults.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.faults.push(`uncaught: ${error.message}`));
    page.on('crash', () => this.faults.push('the page crashed'));
    page.on('request', (request) => {
      const url = request.url();
      if (!/^(data|blob):/.test(url) && !this.allowed.some((start) => url.startsWith(start)))
        this.faults.push(`request to elsewhere: ${url.slice(0, 200)}`);
    });
    await page.exposeFunction('__violation', (text) => this.faults.push(`policy: ${text}`));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation',
                                (event) => globalThis.__violation(`${event.violatedDirective} ${event.blockedURI}`));
    });
    if (!with_worker)
      await page.addInitScript(() => Object.defineProperty(navigator, 'serviceWorker', { value: undefined }));
    if (before) await before(page);
    return page;
  }

  // The lab, opened and running. `where`: what follows the site's address, as '#v=1&lr=0.1'.
  async lab(where = '', options = {}, before) {
    const page = await this.page(options, before);
    await page.goto(this.site + where);
    await page.evaluate(() => lrlab.ready);
    const lab = new Lab(this, page);
    await lab.until('the first frame is drawn', (s) => s.controls.length > 0);
    await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished)));  // it has faded in
    return lab;
  }

  async close() {
    for (const context of this.contexts) await context.close();
  }
}

// ---- the run ----

export async function run_all(site, only) {
  const browser = await chromium.launch({ executablePath: process.env.LRLAB_CHROMIUM ?? '/usr/bin/chromium', args: kFlags });
  console.log(`Chromium ${browser.version()}`);
  mkdirSync(kShots, { recursive: true });
  for (const old of readdirSync(kShots)) if (old.startsWith('failed-')) rmSync(join(kShots, old));
  let passed = 0, failed = 0, skipped = 0;
  for (const { claim, body } of tests) {
    if (only && !new RegExp(only).test(claim)) continue;
    const start = performance.now();
    const t = new Test(browser, site);
    let error = null;
    try {
      await body(t);
      const faults = t.faults.filter((fault) => !t.expected.some((pattern) => pattern.test(fault)));
      assert.deepEqual(faults, [], 'the page was not quiet');
    } catch (caught) {
      error = caught;
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
    if (!error) {
      passed++;
      console.log(`${seconds} s  ok       ${claim}`);
    } else if (error instanceof Skip) {
      skipped++;
      console.log(`${seconds} s  skipped  ${claim}: ${error.message}`);
    } else {
      failed++;
      console.log(`${seconds} s  FAILED   ${claim}\n${String(error.stack).replace(/^/gm, '           ')}`);
      for (const fault of t.faults) console.log(`           also: ${fault.slice(0, 300)}`);
      const slug = claim.replace(/[^a-z0-9]+/gi, '-').slice(0, 60);
      for (const context of t.contexts)
        for (const page of context.pages()) await new Lab(t, page).shot(`failed-${slug}`).catch(() => {});
    }
    await t.close().catch(() => {});
  }
  await browser.close();
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0 && passed > 0;
}

export { assert };
