// A worker of the pool (pool.js): does items of a job with the lab's own module, without the page.
// Messages in: { module }, { job: text }, { item: number }. Out: { item, cells }, { error: text }.
'use strict';
importScripts('lrlab.js');

let lab = null;

function pass(m, f, text) {
  const size = m.lengthBytesUTF8(text) + 1, pointer = m._malloc(size);
  m.stringToUTF8(text, pointer, size);
  try {
    return f(pointer);
  } finally {
    m._free(pointer);
  }
}

onmessage = async ({ data }) => {
  try {
    if (data.module) {
      lab = createLrlab({
        noInitialRun: true,  // no canvas here
        instantiateWasm(imports, done) {
          WebAssembly.instantiate(data.module, imports).then((instance) => done(instance, data.module));
          return {};
        },
      });
      return;
    }
    const m = await lab;
    if (data.job !== undefined) {
      if (!pass(m, m._lrlab_job_begin, data.job)) throw new Error('no such job');
    } else if (!m._lrlab_job_run(data.item)) {
      throw new Error('no such item');
    }
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
