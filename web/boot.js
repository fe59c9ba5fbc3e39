// Loads the lab and shows how far it is; says in plain words what is in the way when it cannot run.
// Written for browsers too old to run the lab, since they are to be told so: no syntax after 2015.
(function () {
  'use strict';

  function element(id) { return document.getElementById(id); }

  // ---- what is in the way ----
  var failed = false;
  function fail(title, text, again) {
    if (failed) return;
    failed = true;
    document.documentElement.classList.remove('ready');
    element('loading').hidden = true;
    var box = element('message'), button = box.querySelector('button');
    box.querySelector('h2').textContent = title;
    box.querySelector('p').textContent = text;
    button.hidden = !again;
    button.onclick = function () { location.reload(); };
    box.hidden = false;
    element('status').textContent = title + ' ' + text;
  }
  function fail_to_load(file) {
    if (location.protocol === 'file:')
      fail('The lab needs a web server', 'A browser does not load WebAssembly from a file. Run ./web/run in the project’s folder and open the address it prints.');
    else
      fail('A file of the page could not be loaded', 'It is ' + file + '. The network may be down, or the site may just be changing. The page can try again.', true);
  }
  var no_webgl = 'The lab draws with WebGL 2, and this browser has none to give. It may be switched off in the settings (look for “hardware acceleration” or “graphics acceleration”), or the browser may be older than 2021.';

  function has_simd() {
    // A function that makes a 128-bit zero: the smallest module that only validates with SIMD.
    return typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array([
      0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]));
  }
  function has_webgl() {
    try {
      var context = document.createElement('canvas').getContext('webgl2');
      if (!context) return false;
      var lose = context.getExtension('WEBGL_lose_context');
      if (lose) lose.loseContext();  // a browser has only so many of them
      return true;
    } catch (error) {
      return false;
    }
  }

  // ---- how far it is ----
  function kilobytes(bytes) { return Math.round(bytes / 1000).toLocaleString('en'); }
  function show_progress(got, total) {
    // Not knowing the end, the bar nears it without reaching it.
    var part = total ? Math.min(1, got / total) : 1 - Math.exp(-got / 600000);
    element('bar').firstElementChild.style.transform = 'translateX(' + (100 * part - 100) + '%)';
    element('bar').setAttribute('aria-valuenow', Math.round(100 * part));
    element('loaded').textContent = total ? kilobytes(got) + ' of ' + kilobytes(total) + ' kB' : kilobytes(got) + ' kB';
  }

  // A sandboxed frame has no origin, and may fetch only what a server expressly allows; scripts it may
  // always load. So the same bytes are there as a script too, which calls lrlab_wasm.
  function load_wasm_as_script() {
    return new Promise(function (resolve, reject) {
      window.lrlab_wasm = function (text) {
        var bytes = atob(text), array = new Uint8Array(bytes.length);
        for (var i = 0; i < bytes.length; ++i) array[i] = bytes.charCodeAt(i);
        resolve(WebAssembly.compile(array));
      };
      var script = document.createElement('script');
      script.src = 'lrlab.wasm.js';
      script.onerror = reject;
      document.head.appendChild(script);
    });
  }

  // The compiled module. Counts bytes as they come, and compiles while they come.
  function fetch_wasm() {
    return fetch('lrlab.wasm').then(function (response) {
      if (!response.ok) throw new Error('HTTP status ' + response.status);
      // Of a compressed answer the header says the compressed size, while we see it unpacked.
      var total = response.headers.get('Content-Encoding') ? 0 : Number(response.headers.get('Content-Length')) || 0;
      var got = 0;
      show_progress(0, total);
      if (!response.body || typeof TransformStream === 'undefined' || !WebAssembly.compileStreaming)
        return response.arrayBuffer().then(WebAssembly.compile);
      var counted = response.body.pipeThrough(new TransformStream({
        transform: function (chunk, controller) {
          got += chunk.byteLength;
          show_progress(got, total);
          controller.enqueue(chunk);
        }
      }));
      // Named here, so that it does not matter how the server names it.
      return WebAssembly.compileStreaming(new Response(counted, { headers: { 'Content-Type': 'application/wasm' } }));
    });
  }

  // ---- start ----
  // The page's own interface, for scripts, embedders and tests. Nothing is there until `ready`.
  var lab = null, started;
  var ready = new Promise(function (resolve) { started = resolve; });
  Object.defineProperty(window, 'lrlab', {
    enumerable: true,
    value: Object.freeze({
      ready: ready,
      state: function () { return lab ? lab.state() : null; },
      command: function (text) { return lab ? lab.command(String(text)) === true : false; },
      // Kept when the samples that the state needs are there: not every data set comes with the page.
      settled: function () { return lab ? lab.settled : ready; }
    })
  });

  if (window.parent !== window) document.documentElement.classList.add('embedded');
  if (!has_simd())
    return fail('This browser is too old for the lab', 'It computes with WebAssembly SIMD, which Chrome and Edge have since version 91, Firefox since 89 and Safari since 16.4. Please update the browser.');
  if (!has_webgl()) return fail('This browser shows no WebGL 2', no_webgl);

  var wasm = window.origin === 'null' && location.protocol !== 'file:' ? load_wasm_as_script() : fetch_wasm();
  wasm.catch(function () { fail_to_load('lrlab.wasm'); });

  document.addEventListener('DOMContentLoaded', function () {
    if (failed) return;
    if (typeof createLrlab === 'undefined') return fail_to_load('lrlab.js');
    if (typeof Lab === 'undefined') return fail_to_load('lab.js');
    if (typeof Controls === 'undefined') return fail_to_load('controls.js');
    var controls = null;
    var copy = element('copy');
    copy.querySelector('button').onclick = function () { copy.hidden = true; };
    var made = new Lab(element('lab'), wasm, {
      announce: function (text) {
        var status = element('status');
        // Said again if it is the same again: a live region speaks only of changes.
        status.textContent = status.textContent === text ? text + '\u00a0' : text;
      },
      copy_by_hand: function (text) {
        copy.hidden = false;
        copy.querySelector('textarea').value = text;
        copy.querySelector('textarea').select();
      },
      notice: function (text) {
        element('banner').hidden = !text;
        element('banner').textContent = text || '';
      },
      failed: function (error) {
        console.error(error);
        fail('The lab has stopped', 'Something went wrong inside (' + (error && error.message || error) + '). The address still holds your settings; the page can start again from them.', true);
      },
      state: function (state) {
        if (controls) controls.show(state);
        document.dispatchEvent(new CustomEvent('lrlab-state', { detail: state }));
      }
    });
    made.ready.then(function () {
      if (failed) return;
      lab = made;
      controls = new Controls(element('controls'), lab);
      lab.load_address();
      document.documentElement.classList.add('ready');
      lab.fit();  // it has a size from now on, and what it tells at once depends on it
      lab.settled.then(started);
      // Works without a network from now on. (Not in frames: those store nothing.)
      if (window.parent === window && navigator.serviceWorker && window.isSecureContext)
        navigator.serviceWorker.register('sw.js').catch(function () {});
    }).catch(function (error) {
      if (failed) return;
      if (/WebGL/.test(error.message)) return fail('This browser shows no WebGL 2', no_webgl);
      console.error(error);
      fail('The lab could not start', 'The browser says: ' + error.message + '. It may be short of memory: closing other tabs can help.', true);
    });
  });
})();
