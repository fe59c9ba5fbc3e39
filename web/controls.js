// The lab's main controls as plain HTML, for screen readers, switches and voice control. They show
// themselves when the keyboard reaches them, and follow the state of the lab.
'use strict';

class Controls {
  constructor(form, lab) {
    this.lab = lab;
    const find = (id) => form.querySelector(`#${id}`);
    this.play = find('play');
    this.rate = find('rate');
    this.number = find('rate-number');
    this.now = find('now');

    form.addEventListener('submit', (event) => event.preventDefault());
    this.play.addEventListener('click', () => lab.command(this.playing ? 'pause' : 'play'));
    find('step').addEventListener('click', () => lab.command('step 1'));
    find('reset').addEventListener('click', () => lab.command('reset'));
    this.rate.addEventListener('input', () => this.set_rate(10 ** Number(this.rate.value)));
    this.number.addEventListener('change', () => {
      if (this.number.value !== '') this.set_rate(Number(this.number.value));
    });
  }

  set_rate(rate) {
    const done = this.lab.command(`set lr=${Number(rate.toPrecision(3))}`);
    this.number.setCustomValidity(done ? '' : this.lab.state()?.refused ?? '');
    if (!done) this.number.reportValidity();
  }

  // What a control says is not changed under the hands of who uses it.
  show(state) {
    const lane = state.lanes?.[state.selected ?? 0] ?? state.lanes?.[0];
    if (!lane) return;
    this.playing = state.playing;
    set(this.play, 'textContent', state.playing ? 'Pause' : 'Play');
    if (Number.isFinite(lane.lr)) {
      if (document.activeElement !== this.rate) set(this.rate, 'value', String(Math.log10(lane.lr).toFixed(2)));
      if (document.activeElement !== this.number) set(this.number, 'value', String(lane.lr));
      this.rate.setAttribute('aria-valuetext', String(lane.lr));
    }
    set(this.now, 'textContent', sentence(state, lane));
  }
}

function set(element, property, value) {
  if (element[property] !== value) element[property] = value;
}

function sentence(state, lane) {
  const parts = [`Step ${state.step}.`];
  if (Number.isFinite(lane.train_loss)) parts.push(`Training loss ${Number(lane.train_loss.toPrecision(3))}.`);
  const verdict = typeof lane.verdict === 'string' ? lane.verdict : lane.verdict?.label;
  if (verdict) parts.push(`Verdict: ${verdict}.`);
  return parts.join(' ');
}
