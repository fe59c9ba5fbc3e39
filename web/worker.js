// A worker of the pool (pool.js): does items of a job with the lab's own module, without the page.
// Messages in: { module, files }, { job: text }, { item: number }. Out: { ready },
// { item, cells, whole }, {} (alive), { error: text }.
'use strict';
importScripts('lrlab.js');

let lab = null;

function pass(m, f, ...texts) {
  const pointers = texts.map((text) => {
    const size = m.lengthBytesUTF8(text) + 1, pointer = m._malloc(size);
    m.stringToUTF8(text, pointer, size);
    return pointer;
  });
  try {
    return f(...pointers);
  } finally {
    pointers.forEach(m._free);
  }
}

onmessage = async ({ data }) => {
  try {
    if (data.module) {
      lab = createLrlab({
        noInitialRun: true,  // no canvas here
        instantiateWasm(imports, done) {
          WebAssembly.instantiate(data.module, imports).then((instance) => done(instance, data.module), (error) => postMessage({ error: String(error) }));
          return {};
        },
      });
      const m = await lab;
      for (const [id, text] of Object.entries(data.files)) pass(m, m._lrlab_take_data, id, text);
      postMessage({ ready: true });
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
