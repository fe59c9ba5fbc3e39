// Tests of the page in headless Chromium.
//   node tests/browser/run.mjs [SITE] [CLAIMS]
// SITE: the folder with the built site (build/web/site). CLAIMS: a regular expression; only claims that match it.
// Ends with 'N passed, N failed, N skipped'. Pictures for people go to build/screenshots/.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '../../web/serve.mjs';
import { kTop, run_all } from './harness.mjs';

const site = process.argv[2] ?? join(kTop, 'build', 'web', 'site');
if (!existsSync(join(site, 'lrlab.wasm'))) {
  console.error(`${site} holds no built site: run web/run --build-only first`);
  process.exit(1);
}
const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
for (const name of readdirSync(here).sort())
  if (name.endsWith('.test.mjs')) await import(join(here, name));

const server = await serve(site, 0);
const fine = await run_all(`http://127.0.0.1:${server.address().port}/`, process.argv[3]);
server.close();
process.exit(fine ? 0 : 1);
