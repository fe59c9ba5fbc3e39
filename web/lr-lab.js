// <lr-lab lesson="too-high">: a live learning rate lab in any page. One file, no dependencies.
//
//   <script src="https://.../lr-lab.js" defer></script>
//   <lr-lab lesson="too-high" hide="setup,plots" theme="auto"></lr-lab>
//
// Attributes: lesson, src (address of a lesson file of your own) or query (what to show), hide, lock, theme (light, dark, auto), autoplay, poster (a
// picture to show before), height (in pixels; without it, as the lab would like), loading (lazy: when near the screen; click: when asked for; eager).
// Methods, each a promise of the state: play, pause, reset, step(n), run(steps), getState, setState(query),
// set(settings), task(n), teach(json); carried out in the order of the calls, each when the one before is done.
// Events: ready, statechange, metric, verdict, goal, and error where src cannot be opened; event.detail says what.
// article/embedding.html has it all. Works under script-src 'self' and style-src 'self': no inline
// script, no inline style.
(() => {
  'use strict';
  const kVersion = 1;
  const page = new URL('embed.html', document.currentScript.src);
  const kEvents = ['ready', 'statechange', 'metric', 'verdict', 'goal'];

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; position: relative; min-height: 320px; contain: content; }
    :host([hidden]) { display: none; }
    iframe { display: block; width: 100%; height: 100%; min-height: inherit; border: 0; }
    div { position: absolute; inset: 0; display: flex; flex-direction: column; gap: 16px; align-items: center;
          justify-content: center; padding: 24px; text-align: center; background: inherit; }
    div[hidden] { display: none; }
    img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; z-index: -1; }
    button { font: inherit; padding: 10px 22px; border: 0; border-radius: 8px; background: #4b45db; color: #fff; cursor: pointer; }
    button:focus-visible { outline: 3px solid currentColor; outline-offset: 3px; }
    @media print { button { display: none; } }`);

  class LrLab extends HTMLElement {
    static observedAttributes = ['lesson', 'src', 'query', 'hide', 'lock', 'theme'];
    #frame = null;
    #cover;
    #calls = new Map();  // id -> { resolve, reject }
    #next = 1;
    #queue = Promise.resolve();  // kept when the last call is done
    #state = null;
    #started;            // resolves when the lab is ready
    #start;
    #stop;
    #watch = null;
    #hear = (event) => this.#message(event);

    constructor() {
      super();
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [sheet];
      this.#cover = document.createElement('div');
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = 'Run the lab';
      button.addEventListener('click', () => this.load());
      this.#cover.append(document.createElement('slot'), button);
      root.append(this.#cover);
      this.#forget();
    }

    connectedCallback() {
      const height = Number(this.getAttribute('height'));
      if (height >= 100 && height <= 4000) this.style.height = `${height}px`;
      window.addEventListener('message', this.#hear);
      const poster = this.getAttribute('poster');
      if (poster && !this.#cover.querySelector('img')) {
        const image = document.createElement('img');
        image.src = poster;
        image.alt = '';
        image.addEventListener('error', () => image.remove());
        this.#cover.prepend(image);
      }
      const loading = this.getAttribute('loading') ?? 'lazy';
      if (loading === 'eager') this.load();
      if (loading === 'lazy') {
        this.#watch = new IntersectionObserver((entries) => {
          if (entries.some((entry) => entry.isIntersecting)) this.load();
        }, { rootMargin: '200px' });
        this.#watch.observe(this);
      }
    }

    disconnectedCallback() {
      window.removeEventListener('message', this.#hear);
      this.#watch?.disconnect();
      this.#frame?.remove();
      this.#frame = null;
      this.#cover.hidden = false;
      this.#forget();
    }

    attributeChangedCallback(name, before, now) {
      if (!this.#frame || before === now) return;
      const quietly = (promise) => promise.catch(() => {});
      if (name === 'hide') quietly(this.#call('hide', now ?? 'timeline'));
      else if (name === 'lock') quietly(this.#call('lock', now ?? ''));
      else if (name === 'theme') quietly(this.#call('theme', now ?? 'auto'));
      else if (name === 'src') now !== null && this.#open(now);
      else if (now !== null) quietly(this.setState(name === 'lesson' ? `lesson=${encodeURIComponent(now)}` : now));
    }

    get lesson() { return this.getAttribute('lesson'); }
    set lesson(id) { this.setAttribute('lesson', id); }
    get query() { return this.#state?.query ?? this.getAttribute('query') ?? ''; }
    set query(text) { this.setAttribute('query', text); }
    get state() { return this.#state; }      // as last heard; null before `ready`
    get ready() { return this.#started; }    // a promise

    play() { return this.#call('play'); }
    pause() { return this.#call('pause'); }
    reset() { return this.#call('reset'); }
    step(n = 1) { return this.#call('step', n); }
    run(steps) { return this.#call('run', steps); }
    getState() { return this.#call('getState'); }
    setState(query) { return this.#call('setState', query); }
    set(settings) { return this.#call('set', settings); }
    task(n = 1) { return this.#call('task', n); }
    teach(json) { return this.#call('teach', json); }  // the text of a lesson file

    // A lesson file, read by this page: its own connect-src must allow the address.
    async #open(src) {
      try {
        const answer = await fetch(new URL(src, document.baseURI));
        if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
        await this.teach(await answer.text());
      } catch (error) {
        const detail = `The lesson ${src} could not be opened: ${error.message}`;
        console.warn(detail);
        this.dispatchEvent(new CustomEvent('error', { detail }));
      }
    }

    // Makes the frame, if it is not there yet.
    load() {
      this.#watch?.disconnect();
      if (this.#frame || !this.isConnected) return;
      const lesson = this.getAttribute('lesson'), parts = [];
      if (lesson) parts.push(`lesson=${encodeURIComponent(lesson)}`);
      else parts.push(this.getAttribute('query') || 'v=1');
      for (const name of ['hide', 'lock', 'theme'])
        if (this.hasAttribute(name)) parts.push(`${name}=${encodeURIComponent(this.getAttribute(name))}`);
      if (this.hasAttribute('autoplay')) parts.push('autoplay=1');
      if (/^https?:/.test(location.origin)) parts.push(`origin=${encodeURIComponent(location.origin)}`);
      const frame = document.createElement('iframe');
      frame.title = this.getAttribute('title') || `Learning Rate Lab${lesson ? `: ${lesson}` : ''}`;
      frame.allow = 'clipboard-write';
      if (this.hasAttribute('sandbox')) frame.setAttribute('sandbox', this.getAttribute('sandbox') || 'allow-scripts');
      frame.src = `${page}#${parts.join('&')}`;
      this.#frame = frame;
      this.shadowRoot.append(frame);
      this.#cover.hidden = true;
      if (this.hasAttribute('src')) this.#open(this.getAttribute('src'));
    }

    #forget() {
      const removed = new Error('The lab was removed.');
      this.#stop?.(removed);
      for (const { reject } of this.#calls.values()) reject(removed);
      this.#calls.clear();
      this.#started = new Promise((resolve, reject) => { this.#start = resolve; this.#stop = reject; });
      this.#started.catch(() => {});  // who waits for it hears of it
      this.#state = null;
    }

    #call(call, arg) {
      this.load();
      const started = this.#started;  // of this frame: a call does not outlive it
      const answer = this.#queue.then(() => started).then(() => this.#send(call, arg));
      this.#queue = answer.catch(() => {});
      return answer;
    }

    async #send(call, arg) {
      for (;;) {
        if (!this.#frame) throw new Error('The lab was removed.');
        const id = this.#next++;
        const answer = new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
        // No secrets in it, and a sandboxed frame has no origin that could be named.
        this.#frame.contentWindow.postMessage({ lrlab: kVersion, id, call, arg }, '*');
        const m = await answer;
        if (m.ok === true) return this.#keep(m.result);
        if (m.busy !== true) throw new Error(String(m.error));
        await new Promise((resolve) => setTimeout(resolve, 50));  // too many in a second: once more
      }
    }

    #message(event) {
      if (!this.#frame || event.source !== this.#frame.contentWindow) return;
      if (event.origin !== page.origin && event.origin !== 'null') return;
      const m = event.data;
      if (m === null || typeof m !== 'object' || m.lrlab !== kVersion) return;
      if (this.#calls.has(m.id)) {
        this.#calls.get(m.id).resolve(m);
        this.#calls.delete(m.id);
        return;
      }
      if (m.event === 'size' && Number.isFinite(m.detail?.height)) {
        if (!this.hasAttribute('height')) this.style.minHeight = `${Math.min(1200, Math.max(100, m.detail.height))}px`;
        return;
      }
      if (!kEvents.includes(m.event)) return;
      if (m.event !== 'verdict' && m.event !== 'goal') this.#keep(m.detail);
      if (m.event === 'ready') this.#start(this);
      this.dispatchEvent(new CustomEvent(m.event, { detail: m.detail, bubbles: true }));
    }

    #keep(state) {
      if (state && typeof state === 'object' && Array.isArray(state.lanes)) this.#state = state;
      return state;
    }
  }

  if (!customElements.get('lr-lab')) customElements.define('lr-lab', LrLab);
})();
