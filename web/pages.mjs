// pages.mjs: makes the pages of the site that are made of something else.
//   node web/pages.mjs pages SITE LRLAB   the reference from 'lrlab describe', the gallery from the lessons
//                                         with a picture of each, embed.html from index.html, oembed.json
//   node web/pages.mjs offline SITE       sw.js, with the names of all files and a version made of their bytes
// LRLAB: the command-line program, or its .js. LRLAB_URL: where the site will lie, for oembed.json.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { files } from './serve.mjs';

const kHere = fileURLToPath(new URL('.', import.meta.url));
const run = promisify(execFile);
const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

// ---- what every page has ----

// `root`: from the page to the site, '' or '../'. `here`: the page's entry in the menu.
function page({ root = '', here, title, description, body, labs = false, scripts = [], wasm = false, head = '' }) {
  const menu = [['index.html', 'The lab'], ['article/index.html', 'Article'], ['lessons.html', 'Lessons'],
                ['reference/index.html', 'Reference'], ['builder.html', 'Embed']];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'${wasm ? " 'wasm-unsafe-eval'" : ''}; style-src 'self'; img-src 'self' data:; frame-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} – Learning Rate Lab</title>
<meta name="description" content="${escaped(description)}">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" type="image/svg+xml" href="${root}icons/favicon.svg">
<link rel="stylesheet" href="${root}article/article.css">
<link rel="stylesheet" href="${root}pages.css">
${head}${[...(labs ? ['lr-lab.js'] : []), ...scripts].map((script) => `<script src="${root}${script}" defer></script>\n`).join('')}</head>
<body>
<a class="skip" href="#text">Skip to the text</a>
<header class="top">
  <p><a href="${root}index.html">Learning Rate Lab</a></p>
  <nav aria-label="Pages of the site">
    <ol>
${menu.map(([file, name]) => `      <li><a href="${root}${file}"${file === here ? ' aria-current="page"' : ''}>${name}</a></li>`).join('\n')}
    </ol>
  </nav>
</header>
<main id="text">
${body}
</main>
<footer>
  <p>Everything runs in your browser, and nothing you do leaves it. The same settings give the same numbers, bit for bit, everywhere.</p>
</footer>
</body>
</html>
`;
}

// ---- mathematics in HTML ----

// "θ ← θ − lr·m/(1−β₁ᵗ)": letters slanted, words of more than one letter upright, x^(…) and x_… raised and lowered.
function typeset(text) {
  const group = (s) => (s.startsWith('(') ? s.slice(1, -1) : s);
  return escaped(text)
    .replace(/\^(\([^()]*\)|[\p{L}\p{N}∞]+)/gu, (_, s) => `<sup>${group(s)}</sup>`)
    .replace(/_(\([^()]*\)|[\p{L}\p{N}]+)/gu, (_, s) => `<sub>${group(s)}</sub>`)
    .replace(/(?<![\p{L}&/<])([\p{L}])(?![\p{L};>])/gu, '<var>$1</var>');
}
const formula = (text) => (text ? `<p class="formula">${text.split('\n').map(typeset).join('<br>')}</p>` : '');
// In running text only what is plainly mathematics: λ_max, T_max.
const prose = (text) => escaped(text).replace(/(?<![\p{L}\p{N}_])(\p{L})_([\p{L}\p{N}]+)/gu, '$1<sub>$2</sub>');
const linked = (text) => escaped(text).replace(/arXiv:(\d{4}\.\d{4,5})/g, '<a href="https://arxiv.org/abs/$1" rel="noopener">arXiv:$1</a>');

// ---- the reference ----

const kFamilies = {
  optimizer: ['optimizers', 'Optimizers', 'How a gradient becomes a step.'],
  schedule: ['schedules', 'Schedules', 'How the rate changes during the run. Each is a factor from 0 to 1 that multiplies the dial.'],
  clip: ['clipping', 'Clipping', 'What limits the gradient before the optimizer sees it.'],
  dataset: ['data', 'Data sets', 'What the network learns. Generated ones are drawn from the seed; real ones come with the lab.'],
  surface: ['surfaces', '2-D functions', 'Two numbers on a known landscape instead of a network on data.'],
  activation: ['activations', 'Activations', 'What a hidden unit does to its sum.'],
  loss: ['losses', 'Losses', 'What is made small.'],
  init: ['initialisation', 'Initialisation', 'How the first weights are drawn.'],
};

// What the lab beside a row shows: the row, and something to compare it with.
function lab_of(family, row) {
  const lane = (settings) => `&lane=${encodeURIComponent(settings)}`;
  const against = (key, other) => (row.id === other ? '' : lane(`${key}=${other}`));
  switch (family.key) {
    case 'optimizer': {
      const lr = row.defaults?.lr ?? 0.1;
      return `v=1&dataset=moons&optimizer=${row.id}&lr=${lr}${lane(`lr=${lr / 10}`)}${lane(`lr=${Math.min(10, lr * 10)}`)}`;
    }
    case 'schedule': return `v=1&dataset=moons&optimizer=momentum&lr=0.1&schedule=${row.id}${against('schedule', 'constant')}`;
    case 'clip': return `v=1&surface=cliff&lr=0.1&clip=${row.id}${against('clip', 'none')}`;
    case 'dataset': return `v=1&dataset=${row.id}&optimizer=adam&lr=0.01`;
    case 'surface': return `v=1&surface=${row.id}&optimizer=adam&lr=0.05${lane('optimizer=momentum&lr=0.001')}`;
    case 'activation': return `v=1&dataset=moons&activation=${row.id}${against('activation', 'tanh')}`;
    case 'loss': return `v=1&dataset=moons&loss=${row.id}${row.id === 'mse' ? '' : lane('loss=mse')}`;
    default: return `v=1&dataset=moons&init=${row.id}${against('init', 'xavier_uniform')}`;
  }
}

function range_of(p) {
  if (p.kind === 'bool') return 'on or off';
  if (p.kind === 'choice') return p.choices.map((c) => `<code>${escaped(c)}</code>`).join(', ');
  return `${p.min} to ${p.max}${p.kind === 'integer' ? ', whole' : p.kind === 'list' ? ', a list' : ''}`;
}
const default_of = (p) => (p.kind === 'bool' ? (p.default ? 'on' : 'off') : Array.isArray(p.default) ? p.default.join(', ') : p.default);

function params_table(params) {
  if (!params.length) return '';
  return `<table class="params">
<thead><tr><th scope="col">setting</th><th scope="col">default</th><th scope="col">allowed</th><th scope="col">what it does</th></tr></thead>
<tbody>
${params.map((p) => `<tr><th scope="row"><code>${p.key}</code>${p.label.replaceAll(' ', '_') !== p.key ? ` <span>${escaped(p.label)}</span>` : ''}</th><td data-is="default">${escaped(default_of(p))}</td><td data-is="allowed">${range_of(p)}</td><td>${prose(p.doc)}</td></tr>`).join('\n')}
</tbody></table>`;
}

function reference(site, described) {
  mkdirSync(join(site, 'reference'), { recursive: true });
  const write = (file, content) => writeFileSync(join(site, 'reference', `${file}.html`), page({ root: '../', here: 'reference/index.html', ...content }));
  const families = Object.keys(kFamilies).map((key) => described.families.find((family) => family.key === key));
  const own = (family, row) => row.id !== family.none;

  for (const family of families) {
    const [file, title, lead] = kFamilies[family.key];
    const rows = family.rows.filter((row) => own(family, row));
    write(file, {
      title, labs: true, description: `${title} of the Learning Rate Lab: formulas, parameters, papers, and a live network beside each.`,
      body: `<p class="crumb"><a href="index.html">Reference</a></p>
<h1>${title}</h1>
<p class="lead">${lead}</p>
<nav class="chips" aria-label="${title}"><ul>${rows.map((row) => `<li><a href="#${row.id}">${escaped(row.label)}</a></li>`).join('')}</ul></nav>
${rows.map((row) => `
<section id="${row.id}" class="entry" aria-labelledby="h-${row.id}">
<h2 id="h-${row.id}">${escaped(row.label)} <code>${family.key}=${row.id}</code></h2>
<p>${prose(row.doc)}</p>
${formula(row.formula)}
${params_table(row.params)}
<dl class="facts">${row.defaults ? Object.entries(row.defaults).map(([key, value]) => `<div><dt>Default <code>${key}</code></dt><dd>${value}</dd></div>`).join('') : ''}${row.matches ? `<div><dt>Elsewhere</dt><dd>${escaped(row.matches)}</dd></div>` : ''}${row.reference && row.reference !== '-' ? `<div><dt>Source</dt><dd>${linked(row.reference)}</dd></div>` : ''}</dl>
${row.needs_data ? '' : `<lr-lab class="mini" query="${escaped(lab_of(family, row))}" hide="setup,timeline" loading="click" title="A lab with ${escaped(row.label)}"><a href="../index.html#${escaped(lab_of(family, row))}">Open a lab with ${escaped(row.label)}</a></lr-lab>`}
</section>`).join('\n')}`,
    });
  }

  const groups = [...new Set(described.fields.map((field) => field.group))];
  write('numbers', {
    title: 'Numbers', description: 'Every number of a run that belongs to no algorithm: key, default, range, meaning.',
    body: `<p class="crumb"><a href="index.html">Reference</a></p>
<h1>Numbers that belong to no algorithm</h1>
<p class="lead">One key each, the same in a link, in JSON, and for <code>--set</code> on the command line.</p>
${groups.map((group) => `<section aria-labelledby="h-${group}"><h2 id="h-${group}">${group[0].toUpperCase()}${group.slice(1)}</h2>
${params_table(described.fields.filter((field) => field.group === group))}</section>`).join('\n')}`,
  });
  write('index', {
    title: 'Reference', description: 'Everything a run in the Learning Rate Lab can be made of.',
    body: `<h1>Reference</h1>
<p class="lead">Everything a run can be made of, read from the program’s own tables: what you see here is what it does.</p>
<ul class="cards">
${families.map((family) => {
      const [file, title, lead] = kFamilies[family.key];
      const rows = family.rows.filter((row) => own(family, row));
      return `<li><h2><a href="${file}.html">${title}</a></h2><p>${lead}</p><p class="small">${rows.map((row) => `<a href="${file}.html#${row.id}">${escaped(row.label)}</a>`).join(', ')}</p></li>`;
    }).join('\n')}
<li><h2><a href="numbers.html">Numbers</a></h2><p>Rate, batch size, seed, warm-up, regularisation: what belongs to no algorithm.</p></li>
<li><h2><a href="../article/embedding.html">Embedding and its messages</a></h2><p>The element <code>&lt;lr-lab&gt;</code>: attributes, methods, events, and the protocol underneath.</p></li>
</ul>`,
  });
}

// ---- the gallery ----

// Of a picture only the curves, in the reader's theme.
const kPoster = `text { display: none } g path:not([stroke-opacity]) { stroke-width: 3 } @media (prefers-color-scheme: dark) {
rect[fill="#fff"] { fill: #171a22 } [stroke="#000"], [stroke="#000000"] { stroke: #fff } }`;

async function gallery(site, lrlab) {
  mkdirSync(join(site, 'posters'), { recursive: true });
  const folder = join(kHere, '..', 'assets', 'lessons');
  const lessons = readdirSync(folder).filter((name) => name.endsWith('.json')).sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const left = [...lessons];
  await Promise.all([0, 1].map(async () => {  // two at a time
    for (let lesson = left.shift(); lesson; lesson = left.shift())
      writeFileSync(join(site, 'posters', `${lesson.id}.svg`), (await lrlab('export', '--svg', 'loss', '--lesson', lesson.id))
        .replace(/viewBox="[^"]*"/, 'viewBox="70 44 640 400"').replace('>\n', `>\n<style>${kPoster}</style>\n`));
  }));
  writeFileSync(join(site, 'lessons.json'), JSON.stringify(lessons.map(({ id, title, goal }) => ({ id, title, goal }))));
  writeFileSync(join(site, 'lessons.html'), page({
    here: 'lessons.html', title: 'Lessons', description: 'Every lesson of the Learning Rate Lab, with what you can do after it.',
    body: `<h1>Lessons</h1>
<p class="lead">Each is a race to watch, things to notice, and tasks that the lab itself checks. The <a href="article/index.html">article</a> tells the whole story; here you can start anywhere.</p>
<ol class="cards lessons">
${lessons.map((lesson) => `<li><a class="poster" href="index.html#lesson=${lesson.id}" tabindex="-1" aria-hidden="true"><img src="posters/${lesson.id}.svg" alt="" width="640" height="400" loading="lazy"></a>
<h2><a href="index.html#lesson=${lesson.id}">${escaped(lesson.title)}</a></h2><p>${escaped(lesson.goal)}</p>
<p class="small">${lesson.tasks?.length ? `${lesson.tasks.length} ${lesson.tasks.length === 1 ? 'task' : 'tasks'} · ` : ''}${lesson.article ? `<a href="article/${lesson.article}">in the article<span class="unseen">: ${escaped(lesson.title)}</span></a> · ` : ''}<a href="builder.html#lesson=${lesson.id}">embed<span class="unseen"> ${escaped(lesson.title)}</span></a></p></li>`).join('\n')}
</ol>`,
  }));
}

// ---- pages whose text stands in a file of its own ----

function written(site) {
  const write = (file, content) => writeFileSync(join(site, file), page({ here: file, body: readFileSync(join(kHere, file), 'utf8').trim(), ...content }));
  write('builder.html', {
    title: 'Embed builder', description: 'Choose a lesson or an experiment, hide what is not needed, and copy the HTML for your own page.',
    head: '<link rel="alternate" type="application/json+oembed" href="oembed.json" title="Learning Rate Lab">\n', scripts: ['builder.js'],
  });
  write('bench.html', {
    title: 'How fast this browser trains', description: 'Six fixed workloads that measure how fast this browser trains.',
    head: '<meta name="robots" content="noindex">\n', scripts: ['lrlab.js', 'bench.js'], wasm: true,
  });
}

// ---- embedding ----

// The page of a frame is the lab's page, but for what concerns the page around the lab.
function embed(site) {
  const change = (html, from, to) => {
    if (!html.includes(from)) throw new Error(`web/index.html no longer has ${from}`);
    return html.replace(from, to);
  };
  let html = readFileSync(join(kHere, 'index.html'), 'utf8');
  html = change(html, '<title>Learning Rate Lab</title>', '<title>Learning Rate Lab, embedded</title>\n<meta name="robots" content="noindex">');
  html = change(html, '<a class="skip" href="#controls">Skip to the plain controls</a>\n\n', '');
  html = change(html, '<link rel="alternate" type="application/json+oembed" href="oembed.json" title="Learning Rate Lab">\n', '');
  html = change(html, '<script src="pool.js" defer></script>\n', '<script src="embed.js" defer></script>\n');
  writeFileSync(join(site, 'embed.html'), html);

  const base = process.env.LRLAB_URL ? new URL(process.env.LRLAB_URL).href.replace(/\/*$/, '/') : './';
  writeFileSync(join(site, 'oembed.json'), JSON.stringify({
    version: '1.0', type: 'rich', provider_name: 'Learning Rate Lab', provider_url: base, title: 'Learning Rate Lab', width: 760, height: 620,
    html: `<iframe src="${base}embed.html" width="760" height="620" loading="lazy" sandbox="allow-scripts" title="Learning Rate Lab"></iframe>`,
  }, null, 2));
}

// ---- offline ----

// A worker with the names of all files and a version that is another one when any byte is.
function offline(site) {
  const own = (name) => name === 'sw.js' || name === 'lrlab.wasm.js';  // the latter: for frames, which have no worker
  const names = files(site).map((path) => relative(site, path).split(sep).join('/')).filter((name) => !own(name)).sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(`${name}\0`).update(readFileSync(join(site, name)));
  const folders = names.filter((name) => /(^|\/)index\.html$/.test(name)).map((name) => name.slice(0, -10) || './');
  writeFileSync(join(site, 'sw.js'), readFileSync(join(kHere, 'sw.js'), 'utf8')
    .replace("'VERSION'", `'${hash.digest('hex').slice(0, 16)}'`)
    .replace("['FILES']", JSON.stringify([...folders, ...names])));
}

const [what, site, program] = process.argv.slice(2);
if (what === 'offline') {
  offline(site);
} else if (what === 'pages') {
  const lrlab = async (...args) => {
    const command = program.endsWith('.js') ? [process.execPath, [program, ...args]] : [program, args];
    return (await run(...command, { maxBuffer: 1 << 26 })).stdout;
  };
  reference(site, JSON.parse(await lrlab('describe', '--json')));
  await gallery(site, lrlab);
  written(site);
  embed(site);
} else {
  console.error('pages: say pages or offline, and the folder of the site');
  process.exit(1);
}
