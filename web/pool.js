// A pool of plain Web Workers for the lab's jobs. The other half is src/platform/pool_web.cpp.
//
// Each worker has at most two items: the one it does and the next, so that it never waits for the
// page. A worker that dies, or gives no sign of life for a minute, is replaced and its items are done
// again; an item that kills three is given up, and the job with it. Where workers cannot even begin
// (forbidden by the page's host, or their script is missing) the page does the work itself.
'use strict';

class JobPool {
  static patience = 60;  // seconds without a word from a worker that has work; it says something every 3

  // compiled: the WebAssembly.Module of the page; files: the data sets it fetched (lab.js).
  // count 0: a worker per processor but one.
  constructor(compiled, files, count = 0) {
    this.compiled = compiled;
    this.files = files;
    this.count = count > 0 ? count : Math.max(1, Math.min(16, (navigator.hardwareConcurrency || 2) - 1));
    this.workers = [];    // { worker, items: [...], ready: it has begun, silent: seconds without a word }
    this.waiting = [];    // items nobody does
    this.results = [];    // { item, cells: Float64Array, whole: 0 so far, 1 done }
    this.deaths = new Map();
    this.job = '';
    this.replaced = 0;
    this.broken = false;
    this.none = false;    // no worker can be had here
    this.watch = 0;
  }

  begin(job) {
    this.job = job;
    this.waiting = [];
    this.results = [];
    this.deaths.clear();
    this.broken = false;
    for (const one of this.workers) {
      one.items = [];
      one.worker.postMessage({ job });
    }
  }

  push(item) {
    this.waiting.push(item);
    if (this.workers.length < this.count && !this.none) this.hire();
    for (const one of this.workers) this.feed(one);
  }

  // Ends all workers at once, in the middle of whatever they do.
  cancel() {
    clearInterval(this.watch);
    this.watch = 0;
    for (const one of this.workers) one.worker.terminate();
    this.workers = [];
    this.waiting = [];
    this.results = [];
  }

  hire() {
    let worker;
    try {
      worker = new Worker('worker.js');
    } catch (error) {
      return this.without(error);
    }
    const one = { worker, items: [], ready: false, silent: 0 };
    this.workers.push(one);
    worker.onmessage = ({ data }) => {
      if (!this.workers.includes(one)) return;  // dismissed
      one.silent = 0;
      if (data.error !== undefined) return this.died(one, data.error);
      if (data.ready) one.ready = true;
      if (data.item === undefined) return;  // only a sign of life
      const at = one.items.indexOf(data.item);
      if (at < 0) return;  // of a job that is over
      if (data.whole) one.items.splice(at, 1);
      this.results.push(data);
      this.feed(one);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.died(one, event.message ?? 'its script could not be loaded');
    };
    worker.postMessage({ module: this.compiled, files: this.files });
    worker.postMessage({ job: this.job });
    // Ticks are counted, not the clock: while the page sleeps nobody is silent.
    this.watch ||= setInterval(() => {
      for (const one of [...this.workers])
        if (one.items.length === 0) one.silent = 0;
        else if (++one.silent > JobPool.patience) this.died(one, 'it said nothing for long');
    }, 1000);
  }

  // No worker, for this reason: with fewer then, and without any the page works itself.
  without(why) {
    console.warn(`A worker of the lab could not begin (${why}).`);
    this.none = this.workers.length === 0;
    if (this.none) this.cancel();
  }

  feed(one) {
    while (one.items.length < 2 && this.waiting.length > 0) {
      const item = this.waiting.shift();
      one.items.push(item);
      one.worker.postMessage({ item });
    }
  }

  died(one, why) {
    const place = this.workers.indexOf(one);
    if (place < 0) return;
    one.worker.terminate();
    this.workers.splice(place, 1);
    this.waiting.unshift(...one.items);
    if (one.ready) {
      this.replaced += 1;
      const first = one.items[0];  // the one it did
      const deaths = (this.deaths.get(first) ?? 0) + 1;
      this.deaths.set(first, deaths);
      console.warn(`A worker of the lab ended (${why}); another takes its place.`);
      if (deaths >= 3) {
        this.broken = true;
        return this.cancel();
      }
      this.hire();
    } else {
      this.without(why);
    }
    for (const other of [...this.workers].reverse()) this.feed(other);  // who took its place first
  }
}
