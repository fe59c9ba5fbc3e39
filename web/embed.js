// The lab inside another page: what may be hidden, and the messages to and from that page.
// article/embedding.html documents the protocol; lr-lab.js speaks it for authors.
//
// Origin rule: only the page that holds the frame is listened to, and where the address names an
// origin (#origin=https://example.org) only a page of that origin. Everything else changes nothing.
'use strict';

(() => {
  const kVersion = 1, kMaxText = 8192, kMaxLesson = 32768, kMaxSteps = 100000, kCallsPerSecond = 200;

  const options = {};
  for (const part of location.hash.slice(1).split('&')) {
    const [key, value = ''] = part.split('=');
    if (['hide', 'lock', 'theme', 'autoplay', 'origin'].includes(key)) {
      try { options[key] = decodeURIComponent(value); } catch { /* not text: as if it were not there */ }
    }
  }
  const host = window.parent !== window ? window.parent : null;

  const post = (message) => host?.postMessage({ lrlab: kVersion, ...message }, options.origin || '*');
  const tell = (event, detail) => post({ event, detail });

  // ---- state ----

  const verdict_of = (lane) => (typeof lane.verdict === 'string' ? lane.verdict : lane.verdict?.id) || '';
  function shared(state) {
    return {
      v: state.v,
      query: state.query,
      lesson: state.lesson?.id ?? null,
      playing: state.playing,
      step: state.step,
      epoch: state.epoch,
      selected: state.selected,
      lanes: state.lanes.map((lane) => ({
        name: lane.name, query: lane.query, step: lane.step, lr: lane.lr, lrNow: lane.lr_t,
        loss: lane.train_loss, testLoss: lane.test_loss,
        accuracy: lane.train_accuracy, testAccuracy: lane.test_accuracy,
        verdict: verdict_of(lane), hash: lane.theta_hash,
      })),
      tasks: state.lesson?.tasks ?? [],
    };
  }

  // What has changed since the last look becomes an event.
  let last = null, height = 0, open = false;  // open: the host has heard that the lab is ready
  function look(raw) {
    if (!raw || !Array.isArray(raw.lanes)) return;
    if (open && raw.height > 0 && raw.height !== height) tell('size', { height: (height = raw.height) });
    const now = shared(raw), before = last;
    last = now;
    if (!before) return;
    if (now.query !== before.query || now.playing !== before.playing || now.lesson !== before.lesson || now.selected !== before.selected)
      tell('statechange', now);
    if (now.step !== before.step) tell('metric', now);
    now.lanes.forEach((lane, i) => {
      if (lane.verdict && lane.verdict !== before.lanes[i]?.verdict)
        tell('verdict', { lane: i, name: lane.name, verdict: lane.verdict, step: lane.step });
    });
    now.tasks.forEach((task, i) => {
      if (task.reached && !(before.lesson === now.lesson && before.tasks[i]?.reached))
        tell('goal', { lesson: now.lesson, task: i + 1, text: task.text, query: now.query, found: task.found });
    });
  }
  const state = () => {
    const raw = lrlab.state();
    look(raw);
    return raw && shared(raw);
  };

  // ---- calls ----

  const command = (text) => {
    if (!lrlab.command(text)) throw new Error(lrlab.state()?.refused || 'The lab has stopped.');
    return state();
  };
  const count = (n, what = 'The steps', most = kMaxSteps) => {
    if (!Number.isSafeInteger(n) || n < 1 || n > most) throw new Error(`${what} must be a whole number from 1 to ${most}.`);
    return n;
  };
  const words = (text, what, most = kMaxText) => {
    if (typeof text !== 'string' || text.length > most) throw new Error(`${what} must be a text of at most ${most} characters.`);
    return text;
  };
  const pause = () => new Promise((resolve) => setTimeout(resolve, 0));
  const calls = {
    play: () => command('play'),
    pause: () => command('pause'),
    reset: () => command('reset'),
    step: (n = 1) => command(`step ${count(n)}`),
    getState: () => state(),
    // A query as in the address: "v=1&lr=0.1", "lesson=too-high".
    setState(query) {
      command(`load ${words(query, 'The state').replace(/^[?#]/, '')}`);
      lrlab.command('reset');
      return lrlab.settled().then(state);
    },
    // Settings of the selected lane: "lr=0.1&batch_size=8".
    set(settings) {
      command(`set ${words(settings, 'The settings')}`);
      return lrlab.settled().then(state);
    },
    // A lesson of one's own, as the text of its file.
    teach: (json) => command(`teach ${words(json, 'The lesson', kMaxLesson)}`),
    task: (n = 1) => command(`task ${count(n, 'The task', 99)}`),
    // So many steps more, now; in pieces, so that the frame stays alive.
    async run(n = 1) {
      for (let left = count(n); left > 0; left -= 250) {
        lrlab.command(`run ${Math.min(left, 250)}`);
        await pause();
      }
      return state();
    },
    hide: (parts) => command(`hide ${words(parts, 'The parts', 200)}`.trim()),
    lock: (parts) => command(`lock ${words(parts, 'The parts', 200)}`.trim()),
    theme(name) {
      if (!['light', 'dark', 'auto'].includes(name)) throw new Error('The theme must be light, dark or auto.');
      const dark = name === 'dark' || (name === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
      return command(`theme ${dark ? 'dark' : 'light'}`);
    },
  };

  let allowance = kCallsPerSecond, filled = 0;
  window.addEventListener('message', async (event) => {
    if (!host || event.source !== host) return;
    if (options.origin && event.origin !== options.origin) return;
    const m = event.data;
    if (m === null || typeof m !== 'object' || m.lrlab !== kVersion || typeof m.call !== 'string') return;
    if (Object.keys(m).some((key) => !['lrlab', 'id', 'call', 'arg'].includes(key))) return;
    if (!(Number.isSafeInteger(m.id) || (typeof m.id === 'string' && m.id.length <= 40))) return;
    const now = performance.now();
    allowance = Math.min(kCallsPerSecond, allowance + ((now - filled) * kCallsPerSecond) / 1000);
    filled = now;
    if (allowance < 1) return post({ id: m.id, ok: false, busy: true, error: `Not carried out: more than ${kCallsPerSecond} calls came in a second.` });
    allowance -= 1;
    try {
      if (!Object.hasOwn(calls, m.call)) throw new Error(`There is no call '${m.call.slice(0, 40)}'.`);
      await lrlab.ready;
      await lrlab.settled();
      post({ id: m.id, ok: true, result: await calls[m.call](m.arg) });
    } catch (error) {
      post({ id: m.id, ok: false, error: String(error?.message ?? error) });
    }
  });

  // ---- start ----

  document.addEventListener('lrlab-state', (event) => look(event.detail));
  lrlab.ready.then(() => {
    lrlab.command(`hide ${options.hide ?? 'timeline'}`.trim());
    if (options.lock) lrlab.command(`lock ${options.lock}`);
    if (options.theme) try { calls.theme(options.theme); } catch { /* as the system says */ }
    if (options.autoplay === '1') lrlab.command('play');
    tell('ready', state());
    open = true;
    look(lrlab.state());
  });
})();
