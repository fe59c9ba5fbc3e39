// The embed builder: choices on the left become HTML on the right and a live lab below.
'use strict';

(() => {
  const find = (id) => document.getElementById(id);
  const lesson = find('lesson'), query = find('query'), theme = find('theme'), height = find('height'),
        loading = find('loading'), autoplay = find('autoplay'), html = find('html'), preview = find('preview');
  const here = location.href.replace(/[?#].*/s, '');
  const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

  let wish = 620;  // the height that the preview would like

  // What the reader chose, as the state of the lab and the options around it.
  function choice() {
    const text = query.value.trim();
    const state = lesson.value ? `lesson=${lesson.value}` : text.slice(text.search(/[#?]/) + 1) || 'v=1';
    const values = (selector) => [...document.querySelectorAll(selector)].map((box) => box.value).join(',');
    const typed = Math.round(Number(height.value));
    return { state, hide: values('[name=part]:not(:checked)'), lock: values('[name=lock]:checked'),
             pixels: typed ? Math.min(2000, Math.max(100, typed)) : 0 };
  }

  function show() {
    find('own').hidden = lesson.value !== '';
    const { state, hide, lock, pixels } = choice();
    const options = `&hide=${hide}${lock ? `&lock=${lock}` : ''}${theme.value === 'auto' ? '' : `&theme=${theme.value}`}${autoplay.checked ? '&autoplay=1' : ''}`;
    const title = lesson.value ? lesson.selectedOptions[0].textContent : 'Learning Rate Lab';
    if (document.querySelector('[name=kind]:checked').value === 'frame') {
      html.value = `<iframe src="${escaped(new URL('embed.html', here).href + '#' + state + options)}"\n        width="100%" height="${pixels || wish}"${loading.value === 'eager' ? '' : ' loading="lazy"'} sandbox="allow-scripts" title="${escaped(title)}"></iframe>`;
    } else {
      const what = lesson.value ? `lesson="${lesson.value}"` : `query="${escaped(state)}"`;
      html.value = `<script src="${new URL('lr-lab.js', here).href}" defer></script>\n<lr-lab ${what} hide="${hide}"${lock ? ` lock="${lock}"` : ''} theme="${theme.value}"` +
        `${loading.value === 'lazy' ? '' : ` loading="${loading.value}"`}${autoplay.checked ? ' autoplay' : ''}${pixels ? ` height="${pixels}"` : ''}></lr-lab>`;
    }
    preview.height = pixels || wish;
    clearTimeout(show.later);
    show.later = setTimeout(() => {  // not at every key
      const address = `embed.html#${state}${options}`;
      if (preview.dataset.shown === address) return;
      preview.dataset.shown = address;
      preview.contentWindow.location.replace('about:blank');
      preview.src = 'about:blank';
      setTimeout(() => preview.contentWindow.location.replace(new URL(address, here).href), 30);
    }, 300);
  }

  window.addEventListener('message', ({ source, data }) => {
    if (source !== preview.contentWindow || data?.event !== 'size') return;
    wish = Math.ceil(data.detail.height);
    show();
  });
  find('choices').addEventListener('input', show);
  for (const radio of document.querySelectorAll('[name=kind]')) radio.addEventListener('change', show);
  find('choices').addEventListener('submit', (event) => event.preventDefault());
  html.addEventListener('focus', () => html.select());
  find('copy-html').addEventListener('click', async () => {
    html.select();
    try {
      await navigator.clipboard.writeText(html.value);
    } catch {
      document.execCommand('copy');
    }
    find('copied').textContent = 'Copied';
    setTimeout(() => (find('copied').textContent = ''), 2500);
  });

  fetch('lessons.json').then((answer) => answer.json()).then((lessons) => {
    lesson.append(...lessons.map(({ id, title }) => new Option(title, id)));
    // builder.html#lesson=adam or #v=1&…: begin with that.
    const wanted = /^#lesson=([a-z0-9-]+)/.exec(location.hash);
    if (wanted) lesson.value = wanted[1];
    else if (location.hash.length > 1) query.value = location.hash.slice(1);
    else lesson.value = 'too-high';
    if (lesson.selectedIndex < 0) lesson.value = '';
    show();
  }, show);
})();
