// Runs the six workloads one after the other and shows the rates; `lrlab_bench` holds them for tests.
'use strict';
window.lrlab_bench = null;
document.addEventListener('DOMContentLoaded', async () => {
  const seconds = Number(new URLSearchParams(location.search).get('seconds')) || 2;
  const status = document.getElementById('status'), body = document.querySelector('tbody');
  const short = (v) => (v >= 1e9 ? (v / 1e9).toFixed(2) + ' G' : v >= 1e6 ? (v / 1e6).toFixed(2) + ' M' : (v / 1e3).toFixed(1) + ' k');
  try {
    const lab = await createLrlab({ noInitialRun: true });
    const results = [];
    for (let i = 0; i < lab._lrlab_bench_count(); ++i) {
      status.textContent = `Measuring ${i + 1} of ${lab._lrlab_bench_count()}`;
      await new Promise((resolve) => setTimeout(resolve));  // let the page show it
      const [id, what, unit, rate, first, last] = lab.UTF8ToString(lab._lrlab_bench(i, seconds)).split('|');
      results.push({ id, what, unit, rate: Number(rate), first_loss: Number(first), last_loss: Number(last) });
      const row = body.insertRow();
      for (const text of [id, what, `${short(Number(rate))} ${unit}`]) row.insertCell().textContent = text;
    }
    status.textContent = 'Done.';
    window.lrlab_bench = results;
  } catch (error) {
    status.textContent = 'The lab could not be loaded: ' + error.message;
  }
});
