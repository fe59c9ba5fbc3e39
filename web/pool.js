// A pool of plain Web Workers for the lab's jobs. The other half is src/platform/pool_web.cpp.
//
// Each worker has at most two items: the one it does and the next, so that it never waits for the
// page. A worker that dies is replaced and its items are done again; an item that kills three is
// given up, and the job with it.
'use strict';

class JobPool {
  // compiled: the WebAssembly.Module of the page; files: the data sets it fetched (lab.js).
  // count 0: a worker per processor but one.
  constructor(compiled, files, count = 0) {
    this.compiled = compiled;
    this.files = files;
    this.count = count > 0 ? count : Math.max(1, Math.min(16, (navigator.hardwareConcurrency || 2) - 1));
    this.workers = [];    // { worker, items: [...] }
    this.waiting = [];    // items nobody does
    this.results = [];    // { item, cells: Float64Array }
    this.deaths = new Map();
    this.job = '';
    this.replaced = 0;
    this.broken = false;
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
    if (this.workers.length < this.count) this.workers.push(this.hire());
    for (const one of this.workers) this.feed(one);
  }

  // Ends all workers at once, in the middle of whatever they do.
  cancel() {
    for (const one of this.workers) one.worker.terminate();
    this.workers = [];
    this.waiting = [];
    this.results = [];
  }

  hire() {
    const one = { worker: new Worker('worker.js'), items: [] };
    one.worker.onmessage = ({ data }) => {
      if (data.error !== undefined) return this.died(one, data.error);
      const at = one.items.indexOf(data.item);
      if (at < 0) return;  // of a job that is over
      one.items.splice(at, 1);
      this.results.push(data);
      this.feed(one);
    };
    one.worker.onerror = (event) => {
      event.preventDefault();
      this.died(one, event.message);
    };
    one.worker.postMessage({ module: this.compiled, files: this.files });
    one.worker.postMessage({ job: this.job });
    return one;
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
    this.replaced += 1;
    const first = one.items[0];  // the one it did
    const deaths = (this.deaths.get(first) ?? 0) + 1;
    this.deaths.set(first, deaths);
    console.warn(`A worker of the lab ended (${why}); another takes its place.`);
    if (deaths >= 3) {
      this.broken = true;
      return this.cancel();
    }
    this.waiting.unshift(...one.items);
    this.workers[place] = this.hire();
    this.feed(this.workers[place]);
  }
}
