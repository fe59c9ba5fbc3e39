// What the link button opens: the race as a link, a picture, a table, a script. Loaded when it is first
// asked for. Nothing leaves the machine: links and files are made here.
'use strict';

class Share {
  // text(what, …): the module that makes scripts and pictures, see src/platform/share_web.cpp.
  constructor(lab, text) {
    this.lab = lab;
    this.text = text;
    this.dialog = h('dialog', { id: 'share', 'aria-labelledby': 'share-title' });
    document.body.append(this.dialog);
    this.dialog.addEventListener('click', (event) => { if (event.target === this.dialog) this.dialog.close(); });
    this.dialog.addEventListener('close', () => lab.canvas.focus({ preventScroll: true }));
  }

  open(query) {
    this.state = this.lab.state();
    this.query = query;
    this.steps = this.state.step || 1000;
    this.dialog.classList.toggle('dark', this.state.dark);
    const pages = { Link: this.link(), Embed: this.embed(), Code: this.code(), Figures: this.figures() };
    const tabs = Object.entries(pages).map(([name, page], i) => {
      page.id = `share-page-${i}`;
      page.setAttribute('role', 'tabpanel');
      page.setAttribute('aria-labelledby', `share-tab-${i}`);
      return h('button', { type: 'button', role: 'tab', id: `share-tab-${i}`, 'aria-controls': page.id,
                           onclick: () => show(i), onkeydown: (event) => {
        const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        show((to + tabs.length) % tabs.length);
        tabs[(to + tabs.length) % tabs.length].focus();
      } }, name);
    });
    const show = (chosen) => {
      Object.values(pages).forEach((page, i) => (page.hidden = i !== chosen));
      tabs.forEach((tab, i) => { tab.setAttribute('aria-selected', i === chosen); tab.tabIndex = i === chosen ? 0 : -1; });
    };
    this.dialog.replaceChildren(
      h('header', {}, h('h2', { id: 'share-title' }, 'Share'),
        h('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => this.dialog.close() }, '×')),
      h('div', { role: 'tablist', 'aria-label': 'Ways to share' }, ...tabs),
      ...Object.values(pages));
    show(0);
    this.dialog.showModal();
    tabs[0].focus();
  }

  // Links lead to the lab's own page, also from a frame.
  base(file = '') { return new URL(file, location.href.replace(/[?#].*/s, '').replace(/embed\.html$/, 'index.html')).href; }

  // ---- the pages ----

  link() {
    const plain = `${this.base()}#${this.query}`;
    const receipt_steps = Math.min(this.state.step || 200, 1000);
    const box = h('input', { type: 'checkbox', id: 'share-receipt' });
    const code = h('div', { class: 'qr' });
    const field = text_field('Link to this experiment', plain);
    const update = () => {
      field.set(box.checked ? `${plain}&expect=${this.text('receipt', this.query, receipt_steps)}` : plain);
      code.replaceChildren(qr_picture(field.text()));
    };
    box.addEventListener('change', update);
    update();
    return h('section', { class: 'link' }, h('div', {}, field.element,
      h('p', { class: 'check' }, box, h('label', { for: 'share-receipt' }, 'With a receipt')),
      h('p', { class: 'note' }, `Whoever opens the link with a receipt sees their machine run ${receipt_steps.toLocaleString('en')} steps from the start${this.state.step > receipt_steps ? ' (the first of these ' + this.state.step.toLocaleString('en') + ', so that it takes seconds)' : ''} and say whether every bit of every weight is the same as here. What was changed while this run was under way is no part of it.`)),
      code);
  }

  embed() {
    const address = `${this.base('embed.html')}#${this.query}`;
    const frame = `<iframe src="${escaped(address)}" width="100%" height="620"\n        loading="lazy" sandbox="allow-scripts" title="Learning Rate Lab"></iframe>`;
    const element = `<script src="${this.base('lr-lab.js')}" defer></script>\n<lr-lab query="${escaped(this.query)}" theme="auto"></lr-lab>`;
    return h('section', {}, text_field('As a frame', frame, 4).element, text_field('As an element, which a script can steer', element, 4).element,
      h('p', { class: 'note' }, 'To choose a lesson, hide parts or set the height: ', h('a', { href: 'builder.html', target: '_blank', rel: 'noopener' }, 'the embed builder'), '.'));
  }

  code() {
    const { lanes, selected } = this.state;
    const line = text_field('On the command line', '', 2), json = text_field('As JSON, for lrlab run --config', '', 4);
    const python = text_field('As a PyTorch script', '', 9);
    const lane = h('select', { id: 'share-lane' }, ...lanes.map((l, i) => h('option', { value: i }, `${i + 1}. ${l.name || 'lane'}`)));
    lane.value = selected;
    const update = () => {
      line.set(`lrlab run --query '${lanes[lane.value].query}' --steps ${this.steps}`);
      json.set(this.text('json', lanes[lane.value].query));
      python.set(this.text('pytorch', lanes[lane.value].query, this.steps));
    };
    lane.addEventListener('change', update);
    update();
    python.actions.append(h('button', { type: 'button', onclick: () => this.save('run.py', 'text/x-python', python.text()) }, 'Download'));
    const experiment = job_command(this.query);
    return h('section', {}, experiment ? text_field('The experiment on the command line', experiment, 4).element : '',
      lanes.length > 1 ? h('p', { class: 'check' }, h('label', { for: 'share-lane' }, 'Lane'), lane) : '',
      python.element, h('p', { class: 'note' }, 'Needs numpy and torch, nothing else. The same data, first weights and mini-batches: its losses are those of the lab.'),
      line.element, json.element);
  }

  figures() {
    const button = (name, run) => h('button', { type: 'button', onclick: run }, name);
    const csv = this.lab.csv(), table = this.lab.table();
    const rows = this.text('figures', csv).split('\n').filter(Boolean).map((row) => {
      const [id, title] = row.split('\t');
      const svg = () => this.text('svg', csv, id, this.query);
      return h('tr', {}, h('th', { scope: 'row' }, title), h('td', {},
        button('SVG', () => this.save(`${id}.svg`, 'image/svg+xml', svg())),
        button('PNG', async () => this.save(`${id}.png`, 'image/png', await raster(svg())))));
    });
    return h('section', {},
      rows.length ? h('table', {}, h('caption', {}, 'Plots of the whole run'), h('tbody', {}, ...rows))
                  : h('p', { class: 'note' }, 'Plots can be taken as soon as something has been trained.'),
      h('p', { class: 'row' },
        button('Report with all figures (Markdown)', () => this.save('learning-rates.md', 'text/markdown', this.text('report', this.query, this.state.step, csv, table))),
        button('Curves (CSV)', () => this.save('curves.csv', 'text/csv', csv)),
        button('Picture of the lab (PNG)', () => this.lab.canvas.toBlob((blob) => this.save('lab.png', 'image/png', blob)))),
      h('p', { class: 'note' }, 'The report holds the table of lanes, what became of each, every plot, and the commands that repeat it.'));
  }

  save(name, type, content) {
    this.lab.save_file(name, type, content);
    this.lab.announce(`${name} is saved.`);
  }
}

// The module, once: its bytes came as a script (lrlab-share.wasm.js), so that it works in frames that
// may fetch nothing.
async function share_module() {
  const bytes = Uint8Array.from(atob(lrlab_share_wasm), (c) => c.charCodeAt(0));
  const m = await createLrlabShare({
    instantiateWasm(imports, done) {
      WebAssembly.instantiate(bytes, imports).then(({ instance, module }) => done(instance, module));
      return {};
    },
  });
  return (...values) => {
    const pointers = [0, 1, 2, 3, 4].map((i) => {
      const text = String(values[i] ?? ''), size = m.lengthBytesUTF8(text) + 1, pointer = m._malloc(size);
      m.stringToUTF8(text, pointer, size);
      return pointer;
    });
    const answer = m.UTF8ToString(m._lrlab_share(...pointers));
    pointers.forEach((pointer) => m._free(pointer));
    return answer;
  };
}

// ---- elements ----

function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// The command that runs the experiment in a link; nothing where there is none.
function job_command(query) {
  const job = /(?:^|&)job=([^&]*)/.exec(query);
  const kind = job && JSON.parse(decodeURIComponent(job[1])).job;
  return kind && `lrlab ${kind === 'range_test' ? 'find-lr' : kind} --query '${query}'`;
}

function escaped(text) { return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;'); }

let fields = 0;
// A text to be copied: a label, the text, and a button. set() puts another text in.
function text_field(label, text, rows = 3) {
  const id = `share-text-${fields++}`;
  const area = h('textarea', { id, rows, readonly: '', spellcheck: 'false', onfocus: () => area.select() });
  area.value = text;
  const said = h('span', { role: 'status' });
  const copy = h('button', { type: 'button', onclick: async () => {
    area.select();
    let copied;
    try {
      await navigator.clipboard.writeText(area.value);
      copied = true;
    } catch {
      copied = document.execCommand('copy');  // where a frame may not use the clipboard itself
    }
    said.textContent = copied ? 'Copied' : 'Selected: copy with Ctrl+C';
    setTimeout(() => (said.textContent = ''), 2500);
  } }, 'Copy');
  const actions = h('p', { class: 'row' }, copy, said);
  return { element: h('div', { class: 'field' }, h('label', { for: id }, label), area, actions), actions,
           text: () => area.value, set: (value) => (area.value = value) };
}

// Dark on white whatever the theme: that is what cameras expect.
function qr_picture(text) {
  const code = qr(text);
  if (!code) return h('p', { class: 'note' }, 'This link is too long for a QR code.');
  const size = code.length + 8, path = code.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ''))).join('');
  const make = (tag, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const svg = make('svg', { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': 'The link as a QR code', 'shape-rendering': 'crispEdges' });
  svg.append(make('rect', { width: size, height: size, fill: '#fff' }), make('path', { d: path, fill: '#000' }));
  return svg;
}

// An SVG as a PNG of twice its size.
async function raster(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const [, , width, height] = /viewBox="([\d.-]+) ([\d.-]+) ([\d.]+) ([\d.]+)"/.exec(svg).slice(1).map(Number);
  const canvas = h('canvas', { width: Math.round(2 * width), height: Math.round(2 * height) });
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve));
}

// ---- receipts: #…&expect=HASH,HASH@STEP ----

// Runs as far as the receipt says, and tells whether the bits are the same.
async function check_receipt(lab, text) {
  const [, hashes, steps] = /^([0-9a-f,]+)@(\d{1,7})$/.exec(text) ?? [];
  const say = (words) => { lab.on.notice(words); };
  if (!hashes) return say('The receipt in this link cannot be read: it should be the hash of each lane and a step, as in expect=0f3a…@400.');
  const goal = Math.min(Number(steps), 100000), wanted = hashes.split(',');
  lab.command('pause');
  lab.command('reset');
  for (let done = 0; done < goal; done += 100) {
    say(`Checking the receipt: step ${done.toLocaleString('en')} of ${goal.toLocaleString('en')}.`);
    lab.command(`run ${Math.min(100, goal - done)}`);
    await new Promise((resolve) => setTimeout(resolve));
  }
  const { lanes } = lab.state();
  const different = lanes.filter((lane, i) => lane.theta_hash !== wanted[i]).map((_, i) => i + 1);
  const same = lanes.length === wanted.length && different.length === 0;
  say(same ? `Reproduced bit for bit: after ${goal.toLocaleString('en')} steps every weight of ${lanes.length === 1 ? 'the lane' : `all ${lanes.length} lanes`} is the same here as on the machine that made this link.`
           : `Not reproduced: after ${goal.toLocaleString('en')} steps the weights here differ from the receipt${lanes.length === wanted.length ? '' : ', which is for another number of lanes'}. Either the link was changed, or this machine or version computes differently.`);
  const banner = document.getElementById('banner');
  banner.dataset.receipt = same ? 'same' : 'different';
  banner.append(' ', h('button', { type: 'button', onclick: () => say(null) }, 'Close'));
}
