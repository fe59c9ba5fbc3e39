// The lab inside another page: what may be hidden, and the messages to and from that page.
// article/embedding.html documents the protocol; lr-lab.js speaks it for authors.
//
// Origin rule: only the page that holds the frame is listened to, and where the address names an
// origin (#origin=https://example.org) only a page of that origin. Everything else changes nothing.
'use strict';

(() => {
  const kVersion = 1, kMaxText = 8192, kMaxSteps = 100000, kCallsPerSecond = 200;

  const options = {};
  for (const part of location.hash.slice(1).split('&')) {
    const [key, value = ''] = part.split('=');
    if (['hide', 'theme', 'autoplay', 'origin'].includes(key)) {
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
  let last = null;
  function look(raw) {
    if (!raw || !Array.isArray(raw.lanes)) return;
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
    if (!lrlab.command(text)) throw new Error('not understood');
    return state();
  };
  const count = (value, missing) => {
    const n = value === undefined ? missing : value;
    if (!Number.isSafeInteger(n) || n < 1 || n > kMaxSteps) throw new Error(`steps must be a whole number from 1 to ${kMaxSteps}`);
    return n;
  };
  const pause = () => new Promise((resolve) => setTimeout(resolve, 0));
  const calls = {
    play: () => command('play'),
    pause: () => command('pause'),
    reset: () => command('reset'),
    step: (n) => command(`step ${count(n, 1)}`),
    getState: () => state(),
    // A query as in the address: "v=1&lr=0.1", "lesson=too-high".
    setState(query) {
      if (typeof query !== 'string' || query.length > kMaxText) throw new Error(`the state must be a text of at most ${kMaxText} characters`);
      lrlab.command(`load ${query.replace(/^[?#]/, '')}`);
      lrlab.command('reset');
      return lrlab.settled().then(state);
    },
    // Settings of the selected lane: "lr=0.1&batch_size=8".
    set(settings) {
      if (typeof settings !== 'string' || settings.length > kMaxText) throw new Error('the settings must be a text');
      command(`set ${settings}`);
      return lrlab.settled().then(state);
    },
    task: (n) => command(`task ${count(n, 1)}`),
    // So many steps more, now; in pieces, so that the frame stays alive.
    async run(n) {
      for (let left = count(n, 1); left > 0; left -= 250) {
        lrlab.command(`run ${Math.min(left, 250)}`);
        await pause();
      }
      return state();
    },
    hide(parts) {
      if (typeof parts !== 'string' || parts.length > 200) throw new Error('the parts must be a text');
      return command(`hide ${parts}`.trim());
    },
    theme(name) {
      if (!['light', 'dark', 'auto'].includes(name)) throw new Error('the theme must be light, dark or auto');
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
    if (!(Number.isSafeInteger(m.id) || (typeof m.id === 'string' && m.id.length <= 40))) return;
    const now = performance.now();
    allowance = Math.min(kCallsPerSecond, allowance + ((now - filled) * kCallsPerSecond) / 1000);
    filled = now;
    if (allowance < 1) return;
    allowance -= 1;
    try {
      if (!Object.hasOwn(calls, m.call)) throw new Error(`there is no call '${m.call.slice(0, 40)}'`);
      await lrlab.ready;
      await lrlab.settled();
      post({ id: m.id, ok: true, result: await calls[m.call](m.arg) });
    } catch (error) {
      post({ id: m.id, ok: false, error: String(error?.message ?? error) });
    }
  });

  // ---- start ----

  // How high the lab would like to be at this width, for hosts that let it choose.
  let height = 0;
  function tell_size() {
    const hidden = (options.hide ?? '').split(',');
    const narrow = window.innerWidth < 700;
    const wish = (narrow ? 640 : 620) - (hidden.includes('header') ? 56 : 0);
    if (wish !== height) tell('size', { height: (height = wish) });
  }

  document.addEventListener('lrlab-state', (event) => look(event.detail));
  lrlab.ready.then(() => {
    lrlab.command(`hide ${options.hide ?? 'timeline'}`.trim());
    if (options.theme) try { calls.theme(options.theme); } catch { /* as the system says */ }
    if (options.autoplay === '1') lrlab.command('play');
    tell('ready', state());
    tell_size();
    window.addEventListener('resize', tell_size);
  });
})();
