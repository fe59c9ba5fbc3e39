// The page's half of the JavaScript boundary; the other is src/platform/browser.h.
//
// A Lab is a canvas with a lab in it: it turns the browser's events into calls of the WebAssembly
// module and does what the module asks for. Several may live on one page.
'use strict';

class Lab {
  // wasm: the compiled module, or a promise of it.
  // on: { announce(text), copy_by_hand(text), notice(text or null), failed(error), state(state) }
  constructor(canvas, wasm, on) {
    this.canvas = canvas;
    this.on = on;
    this.embedded = window.parent !== window;
    this.focused = false;
    this.visible = false;      // somebody can see the canvas
    this.dead = false;
    this.files = {};           // data sets that were fetched, by id, as text: for the workers too
    this.settled = Promise.resolve();  // kept when what the state needs is there
    this.handle = 0;           // of the frame that is asked for
    this.buttons = 0;          // of the mouse
    this.fingers = new Map();  // where each of them is
    this.editing = false;      // a text field of the lab has its cursor
    this.ready = this.start(wasm);
  }

  async start(wasm) {
    const module = await wasm;
    this.m = await new Promise((resolve, reject) => {
      createLrlab({
        page: this,
        compiled: module,  // for the workers of pool.js
        instantiateWasm(imports, done) {
          WebAssembly.instantiate(module, imports).then((instance) => done(instance, module)).catch(reject);
          return {};
        },
        onAbort: (why) => this.fail(new Error(String(why))),
      }).then(resolve, reject);
    });
    if (!this.m._lrlab_ready()) throw new Error('no WebGL 2 context');
    this.listen();
  }

  // ---- for the page ----

  command(text) {
    return this.guard(() => {
      const understood = this.pass(this.m._lrlab_command, text) !== 0;
      this.m._lrlab_settle();
      this.wake();
      return understood;
    });
  }

  state() {
    return this.guard(() => JSON.parse(this.m.UTF8ToString(this.m._lrlab_state())));
  }

  // For sharing: the curves as CSV, and what became of each lane as a Markdown table.
  csv() { return this.guard(() => this.m.UTF8ToString(this.m._lrlab_tables(1))) ?? ''; }
  table() { return this.guard(() => this.m.UTF8ToString(this.m._lrlab_tables(0))) ?? ''; }

  // The address says what to show: the part behind '#', or else the one behind '?'. What concerns the
  // page around the lab (embed.js) is kept from it.
  load_address() {
    const parts = (location.hash.length > 1 ? location.hash.slice(1) : location.search.slice(1)).split('&');
    const of_page = (part) => ['hide', 'lock', 'theme', 'autoplay', 'origin', 'expect'].includes(part.split('=')[0]);
    const receipt = parts.find((part) => part.startsWith('expect='));
    this.kept = parts.filter((part) => of_page(part) && part !== receipt).map((part) => `&${part}`).join('');
    this.guard(() => this.pass(this.m._lrlab_load, parts.filter((part) => !of_page(part)).join('&')));
    if (receipt) this.load_share().then(() => check_receipt(this, receipt.slice(7).replace('%40', '@').replaceAll('%2C', ',')),
                                      () => this.on.notice('The receipt in this link could not be checked: a file of the page did not load. Open the link again to try once more.'));
    this.wake();
  }

  // ---- frames ----

  wake() {
    if (!this.handle && this.visible && !this.dead) this.handle = requestAnimationFrame(() => this.frame());
  }

  frame() {
    this.handle = 0;
    if (!this.visible || this.dead) return;
    if (window.devicePixelRatio !== this.seen_ratio) this.fit();  // not every browser tells
    const more = this.guard(() => this.m._lrlab_frame());
    if (more) this.wake();
    // Others hear of the state five times a second, and of the last one.
    const now = performance.now();
    clearTimeout(this.report_later);
    if (now - (this.reported ?? 0) > 200) this.report();
    else this.report_later = setTimeout(() => this.report(), 210);
  }

  report() {
    clearTimeout(this.report_later);
    this.report_later = 0;
    this.reported = performance.now();
    const state = this.state();
    if (!state) return;
    this.canvas.classList.toggle('zooms', state.controls.some((c) => c.id.endsWith('.zoom_in')));
    this.map = state.controls.find((c) => c.id === 'plot.map');
    this.on.state(state);
  }

  // Runs a call of the module. A trap in it ends the lab, not the page.
  guard(call) {
    if (this.dead || !this.m) return null;
    try {
      return call();
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  fail(error) {
    if (this.dead) return;
    this.dead = true;
    this.on.failed(error);
  }

  // Calls f with the strings as UTF-8 in the module's memory.
  pass(f, ...values) {
    const pointers = [];
    try {
      return f(...values.map((value) => {
        if (typeof value !== 'string') return value;
        const text = value.replaceAll('\0', '\ufffd');  // a C string would end there
        const size = this.m.lengthBytesUTF8(text) + 1;
        const pointer = this.m._malloc(size);
        pointers.push(pointer);
        this.m.stringToUTF8(text, pointer, size);
        return pointer;
      }));
    } finally {
      pointers.forEach(this.m._free);
    }
  }

  // ---- events of the browser ----

  listen() {
    const { canvas } = this;
    const on = (target, names, handler, options) => {
      for (const name of names.split(' '))
        target.addEventListener(name, (event) => { if (!this.dead) handler(event); }, options);
    };

    on(canvas, 'pointerdown pointermove pointerup pointercancel pointerleave', (event) => this.pointer(event));
    // Two fingers on a map zoom it; the browser, which would zoom the page, is told so in time.
    on(canvas, 'touchstart touchmove', (event) => { if (event.touches.length > 1 && this.on_map(event.touches[0])) event.preventDefault(); }, { passive: false });
    on(canvas, 'contextmenu', (event) => event.preventDefault());
    on(canvas, 'wheel', (event) => this.wheel(event), { passive: false });

    this.agent = document.createElement('input');
    this.agent.className = 'text-agent';
    this.agent.tabIndex = -1;
    this.agent.autocomplete = 'off';
    this.agent.spellcheck = false;
    this.agent.setAttribute('autocapitalize', 'off');
    this.agent.setAttribute('aria-label', 'The field of the lab that is edited');
    canvas.after(this.agent);
    on(this.agent, 'beforeinput', (event) => this.agent_input(event));
    on(this.agent, 'compositionend', (event) => { this.type(event.data); this.agent.value = ''; });

    for (const target of [canvas, this.agent]) {
      on(target, 'keydown keyup', (event) => this.key(event));
      on(target, 'focus blur', () => this.focus_changed());
    }
    // On a page of its own the lab has the keys from the start, not only once it was clicked.
    on(document, 'keydown', (event) => {
      if (this.embedded || page_scrolls() || event.key === 'Tab' || document.activeElement !== document.body) return;
      canvas.focus({ preventScroll: true });
      this.key(event);
    });
    on(document, 'copy cut', (event) => this.copy_event(event));
    on(document, 'paste', (event) => {
      if (!this.focused) return;
      event.preventDefault();
      this.guard(() => this.pass(this.m._lrlab_paste, event.clipboardData.getData('text/plain')));
      this.wake();
    });

    on(canvas, 'webglcontextlost', (event) => {
      event.preventDefault();  // or it would never be restored
      this.guard(() => this.m._lrlab_context(0));
      this.on.notice('The graphics card was taken away for a moment. The lab goes on; the picture comes back with it.');
      this.wake();
    });
    on(canvas, 'webglcontextrestored', () => {
      this.guard(() => this.m._lrlab_context(1));
      this.on.notice(null);
      this.wake();
    });

    // A file dropped anywhere on the page is for the lab; the browser would leave the page for it.
    const has_file = (event) => event.dataTransfer?.types.includes('Files');
    on(document, 'dragover', (event) => { if (has_file(event)) event.preventDefault(); });
    on(document, 'drop', (event) => {
      if (!has_file(event)) return;
      event.preventDefault();
      this.take_file(event.dataTransfer.files[0]);
    });

    on(window, 'hashchange', () => {
      // A link to a place of the page (the skip link) is no state of the lab.
      if (!document.getElementById(location.hash.slice(1))) this.load_address();
    });
    on(matchMedia('(prefers-color-scheme: dark)'), 'change', (event) => this.command(`theme ${event.matches ? 'dark' : 'light'}`));

    // Only what is seen runs: not in a hidden tab, not scrolled away.
    let on_screen = true;
    const look = () => {
      this.visible = on_screen && !document.hidden && !!this.sized;
      if (!this.visible && this.handle) {
        cancelAnimationFrame(this.handle);
        this.handle = 0;
      }
      this.wake();
    };
    on(document, 'visibilitychange', look);
    new IntersectionObserver((entries) => {
      on_screen = entries[entries.length - 1].isIntersecting;
      look();
    }).observe(canvas);

    // Follows the size of its container, in physical pixels where the browser tells them.
    this.fit = (exact) => {
      this.seen_ratio = window.devicePixelRatio;
      const ratio = Math.min(4, Math.max(0.5, window.devicePixelRatio || 1));
      const { width, height } = canvas.getBoundingClientRect();
      const pixels = (css, told) => (told && Math.abs(told - css * ratio) < 1 ? told : Math.round(css * ratio));
      this.sized = width > 0 && height > 0;
      if (this.sized) {
        canvas.width = pixels(width, exact?.inlineSize);
        canvas.height = pixels(height, exact?.blockSize);
        this.guard(() => this.m._lrlab_resize(canvas.width, canvas.height, ratio));
        this.guard(() => this.m._lrlab_settle());  // before the empty canvas is shown
      }
      look();
    };
    const sizes = new ResizeObserver((entries) => this.fit(entries[entries.length - 1].devicePixelContentBoxSize?.[0]));
    try {
      sizes.observe(canvas, { box: 'device-pixel-content-box' });
    } catch {
      sizes.observe(canvas);
    }
    on(window, 'resize', () => this.wake());  // the page was zoomed, or moved to another screen
  }

  pointer(event) {
    const touch = event.pointerType === 'touch';
    if (touch && this.pinch(event)) return;
    const device = touch ? 1 : event.pointerType === 'pen' ? 2 : 0;
    const send = (kind, button = 0) =>
      this.guard(() => this.m._lrlab_pointer(kind, device, button, event.offsetX, event.offsetY));

    if (event.type === 'pointerdown') {
      this.canvas.setPointerCapture(event.pointerId);
      // No mouse events after those of a finger: they would take the focus from the text agent.
      if (touch) event.preventDefault();
      this.canvas.classList.add('pressed');  // who points needs no ring to see where the keyboard is
      // While the on-screen keyboard is open it stays, until it is clear that it is not needed. A finger
      // that scrolls the page around has not come in.
      if (!touch && document.activeElement !== this.agent) this.canvas.focus({ preventScroll: true });
    }
    // A second button of the mouse is a move: what counts is which buttons are down.
    const down = event.type === 'pointercancel' ? 0 : event.buttons;
    const changed = down ^ this.buttons;
    this.buttons = down;
    for (const [bit, button] of [[1, 0], [2, 1], [4, 2]])
      if (changed & bit) send(down & bit ? 1 : event.type === 'pointercancel' ? 3 : 2, button);
    if (event.type === 'pointermove' && !changed) send(0);
    if (event.type === 'pointerleave' && !down) send(4);

    // An on-screen keyboard opens only while the browser is in the event of the touch: so find out
    // now whether a text field was touched.
    if (device !== 0 && event.type === 'pointerup') {
      this.guard(() => this.m._lrlab_settle());
      if (this.editing) this.agent.focus({ preventScroll: true });
      else if (touch || document.activeElement === this.agent) this.canvas.focus({ preventScroll: true });
    }
    this.wake();
  }

  on_map(touch) {
    if (this.report_later) this.report();  // it may have been scrolled since
    const { map } = this, { left, top } = this.canvas.getBoundingClientRect(), x = touch.clientX - left, y = touch.clientY - top;
    return !!map && map.visible && x >= map.x && x < map.x + map.w && y >= map.y && y < map.y + map.h;
  }

  // Two fingers on a map or on a plot that is made big zoom it; elsewhere the browser has them. True: used.
  pinch(event) {
    const { fingers } = this;
    if (event.type === 'pointerup' || event.type === 'pointercancel') {
      const pinched = !!fingers.pinched;
      fingers.delete(event.pointerId);
      if (!fingers.size) fingers.pinched = 0;
      return pinched || !event.isPrimary;
    }
    if (event.type !== 'pointerdown' && !fingers.has(event.pointerId)) return !event.isPrimary;
    fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (fingers.size !== 2) return !!fingers.pinched || !event.isPrimary;
    const [a, b] = [...fingers.values()], apart = Math.hypot(a.x - b.x, a.y - b.y) + 1;
    const send = (kind, x, y) => this.guard(() => this.m._lrlab_pointer(kind, 1, 0, x, y));
    if (!fingers.pinched) {
      fingers.pinched = apart;
      this.buttons = 0;
      send(3, a.x, a.y);  // the first one drags no more
      send(0, (a.x + b.x) / 2, (a.y + b.y) / 2);
    } else if (Math.abs(Math.log(apart / fingers.pinched)) > 0.09) {  // a turn of the wheel is so much
      this.guard(() => this.m._lrlab_wheel(0, apart > fingers.pinched ? -12 : 12, 1));
      fingers.pinched = apart;
    }
    this.wake();
    return true;
  }

  wheel(event) {
    // The wheel scrolls the page until the lab has been clicked, unless there is nothing to scroll.
    if (!this.focused && (this.embedded || page_scrolls())) return;
    const unit = [1, 18, this.canvas.clientHeight][event.deltaMode] ?? 1;
    let { deltaX, deltaY } = event;
    // With Shift some browsers turn the wheel sideways, and Dear ImGui would do it again.
    if (event.shiftKey && !deltaY) [deltaX, deltaY] = [0, deltaX];
    // With Ctrl it zooms a plot under the pointer, and elsewhere the page.
    if (this.guard(() => this.m._lrlab_wheel(deltaX * unit, deltaY * unit, +event.ctrlKey))) event.preventDefault();
    this.wake();
  }

  key(event) {
    if (event.isComposing || event.key === 'Dead' || event.key === 'Process' || event.key === 'Unidentified') return;
    const down = event.type === 'keydown';
    this.wake();
    if (event.key === 'Escape') {
      // Closes or cancels what is open; with nothing open it leaves the lab.
      if (down && !this.guard(() => this.m._lrlab_escape())) document.activeElement.blur();
      if (down) event.preventDefault();
      return;
    }
    const level3 = event.getModifierState('AltGraph');  // AltGr types, though it looks like Ctrl+Alt
    const ctrl = event.ctrlKey && !level3, alt = event.altKey && !level3;
    const send = (is_down) => this.guard(() =>
      this.pass(this.m._lrlab_key, event.key, event.code, is_down, +ctrl, +event.shiftKey, +alt, +event.metaKey));
    const used = send(+down);
    if (down && event.metaKey) send(0);  // macOS never tells that a key was released under Cmd
    const types = down && !ctrl && !event.metaKey && (!alt || this.fact('is_mac')) && [...event.key].length === 1;
    if (types && document.activeElement !== this.agent) this.type(event.key);
    // In the agent a character comes as input, and must be allowed to.
    if (document.activeElement === this.agent ? used && !types && event.key !== 'Backspace' : used || types)
      event.preventDefault();
  }

  type(text) {
    if (text) this.guard(() => this.pass(this.m._lrlab_text, text));
    this.wake();
  }

  // The agent stays empty: what goes in goes on to the lab. (Phones send no useful key events.)
  agent_input(event) {
    if (event.isComposing) return;
    event.preventDefault();
    if (event.inputType.startsWith('insert')) this.type(event.data ?? event.dataTransfer?.getData('text/plain'));
  }

  focus_changed() {
    const active = document.activeElement;
    const focused = active === this.canvas || active === this.agent;
    if (focused === this.focused) return;
    this.focused = focused;
    if (!focused) this.canvas.classList.remove('pressed');
    this.guard(() => this.m._lrlab_focus(+focused));
    this.wake();
  }

  // The clipboard can be written within the browser's own copy event without any permission.
  copy_event(event) {
    if (!this.focused) return;
    const text = this.guard(() => this.m.UTF8ToString(this.m._lrlab_cut_or_copy(+(event.type === 'cut'))));
    this.wake();
    if (!text) return;
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  }

  // ---- what the module asks for (src/platform/browser_web.cpp) ----

  fact(name) {
    switch (name) {
      case 'prefers_dark': return matchMedia('(prefers-color-scheme: dark)').matches;
      case 'reduced_motion': return matchMedia('(prefers-reduced-motion: reduce)').matches;
      case 'coarse_pointer': return matchMedia('(pointer: coarse)').matches;
      case 'is_mac': return /Mac|iPhone|iPad/.test(navigator.platform);
      default: return false;
    }
  }

  // Browsers limit how often an address may change: once in a while, and the last one for sure.
  set_url(query) {
    this.url = query;
    this.url_later ??= setTimeout(() => {
      this.url_later = null;
      // Where the address came with a '?', the state moves behind the '#'.
      try {
        history.replaceState(history.state, '', `${location.pathname}#${this.url}${this.kept ?? ''}`);
      } catch {
        // A sandboxed frame may not: then the state is only in the lab.
      }
    }, 400);
  }

  copy(text) {
    // A state is shared as a link to it.
    if (/^v=\d/.test(text)) text = `${location.href.replace(/[?#].*/s, '')}#${text}`;
    const by_hand = () => this.on.copy_by_hand(text);
    if (!navigator.clipboard?.writeText) by_hand();
    else navigator.clipboard.writeText(text).then(() => this.announce('Copied.'), by_hand);
  }

  // Sharing comes with its own scripts; without them the link is at least copied.
  share(query) {
    this.load_share().then(async () => {
      this.sharing ??= new Share(this, await share_module());
      this.sharing.open(query);
    }).catch(() => this.copy(query));
  }

  load_share() {
    const load = (tag, attributes) => new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement(tag), attributes, { onload: resolve, onerror: reject });
      document.head.append(element);
    });
    return (this.share_loaded ??= Promise.all([load('link', { rel: 'stylesheet', href: 'share.css' }),
                                               ...['qr.js', 'share.js', 'lrlab-share.js', 'lrlab-share.wasm.js'].map((src) => load('script', { src }))]));
  }

  // A data set that the module does not carry. It comes as a script: a sandboxed frame may fetch
  // nothing else.
  fetch_data(id) {
    if (this.fetching) return;
    this.fetching = true;
    this.settled = new Promise((resolve) => {
      const script = document.createElement('script');
      const done = () => {
        script.remove();
        this.fetching = false;
        const text = window[`lrlab_${id}`];
        if (text) this.files[id] = text;
        this.guard(() => this.m._lrlab_data_arrived(+(!!text && this.pass(this.m._lrlab_take_data, id, text))));
        this.wake();
        resolve();
      };
      script.src = `${id}.js`;
      script.onload = script.onerror = done;
      document.head.append(script);
    });
  }

  announce(text) { this.on.announce(text); }

  open_link(url) {
    if (/^https?:$/.test(new URL(url, location.href).protocol)) window.open(url, '_blank', 'noopener');
  }

  save_file(name, mime, bytes) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes], { type: mime }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  open_file() {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.csv,.tsv,.txt,.json,text/csv,text/plain,text/tab-separated-values';
    input.onchange = () => this.take_file(input.files[0]);
    input.click();
  }

  // A file is read here and nowhere else; of one that is too large only the beginning.
  async take_file(file) {
    if (!file) return;
    let text = '';
    try {
      text = await file.slice(0, 3e6).text();
    } catch {
      // A folder, or gone meanwhile: it counts as empty.
    }
    this.guard(() => this.pass(this.m._lrlab_open_file, file.name, text, file.size));
    this.wake();
  }

  set_cursor(name) { this.canvas.style.cursor = name; }

  edit_text(on, x, y, height) {
    this.editing = on;
    this.canvas.classList.toggle('editing', on);
    if (!on) return;
    const { left, top } = this.canvas.getBoundingClientRect();
    // Where the field is, so that the browser scrolls it clear of the on-screen keyboard.
    this.agent.style.left = `${left + x}px`;
    this.agent.style.top = `${top + y}px`;
    this.agent.style.height = `${height}px`;
  }
}

function page_scrolls() {
  const root = document.scrollingElement;
  return root.scrollHeight > root.clientHeight && getComputedStyle(root).overflowY !== 'hidden';
}
