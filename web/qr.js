// A text as a QR code: qr('https://…') gives rows of booleans, true is dark.
//
// ISO/IEC 18004:2015, model 2: bytes, error correction L (7 %), versions 1 to 40, at most 2,953 bytes.
'use strict';

const qr = (() => {
  // Level L, by version from 1: check words per block, and blocks.
  const kCheck = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28,
                  30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30];
  const kBlocks = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16,
                   17, 18, 19, 19, 20, 21, 22, 24, 25];
  const kMasks = [
    (r, c) => (r + c) % 2, (r) => r % 2, (r, c) => c % 3, (r, c) => (r + c) % 3,
    (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2, (r, c) => ((r * c) % 2) + ((r * c) % 3),
    (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2, (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2,
  ].map((f) => (r, c) => f(r, c) === 0);

  // Where alignment patterns stand, on both axes.
  function alignment(version) {
    if (version === 1) return [];
    const count = Math.floor(version / 7) + 2, last = version * 4 + 10;
    const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
    return [6, ...Array.from({ length: count - 1 }, (_, i) => last - (count - 2 - i) * step)];
  }

  function words_of(version) {
    let bits = (16 * version + 128) * version + 64;
    if (version > 1) {
      const n = Math.floor(version / 7) + 2;
      bits -= (25 * n - 10) * n - 55 + (version > 6 ? 36 : 0);
    }
    return bits >> 3;
  }

  // ---- Reed and Solomon 1960, over 256 numbers with x⁸ + x⁴ + x³ + x² + 1 ----
  const exp = [], log = [];
  for (let i = 0, x = 1; i < 255; i++, x = (x << 1) ^ (x & 128 ? 0x11d : 0)) log[exp[i] = x] = i;
  const times = (a, b) => (a && b ? exp[(log[a] + log[b]) % 255] : 0);

  function check_words(data, count) {
    let generator = [1];
    for (let i = 0; i < count; i++)
      generator = [...generator, 0].map((g, j) => g ^ times(generator[j - 1] ?? 0, exp[i]));
    const rest = new Array(count).fill(0);
    for (const word of data) {
      const factor = word ^ rest.shift();
      rest.push(0);
      for (let j = 0; j < count; j++) rest[j] ^= times(generator[j + 1], factor);
    }
    return rest;
  }

  // The remainder of value·2ⁿ by the polynomial, appended to the value.
  function protect(value, poly, n) {
    let rest = value << n;
    for (let bit = 31 - Math.clz32(rest); bit >= n; bit = 31 - Math.clz32(rest)) rest ^= poly << (bit - n);
    return (value << n) | rest;
  }

  function encode(bytes, version) {
    const blocks = kBlocks[version - 1], check = kCheck[version - 1], total = words_of(version), room = total - blocks * check;
    const bits = [];
    const put = (value, n) => { for (let i = n - 1; i >= 0; i--) bits.push((value >> i) & 1); };
    put(4, 4);  // bytes
    put(bytes.length, version < 10 ? 8 : 16);
    for (const byte of bytes) put(byte, 8);
    put(0, Math.min(4, room * 8 - bits.length));
    put(0, -bits.length & 7);
    for (let pad = 0xec; bits.length < room * 8; pad ^= 0xec ^ 0x11) put(pad, 8);
    const data = Array.from({ length: room }, (_, i) => parseInt(bits.slice(8 * i, 8 * i + 8).join(''), 2));

    // Blocks of nearly equal length, the shorter ones first; then word by word in turn.
    const short = Math.floor(room / blocks), longer = room % blocks;
    const parts = [];
    for (let i = 0, at = 0; i < blocks; i++) {
      const length = short + (i >= blocks - longer ? 1 : 0);
      parts.push(data.slice(at, at += length));
    }
    const checks = parts.map((part) => check_words(part, check));
    const out = [];
    for (let i = 0; i <= short; i++) for (const part of parts) if (i < part.length) out.push(part[i]);
    for (let i = 0; i < check; i++) for (const part of checks) out.push(part[i]);
    return out;
  }

  function draw(version, words) {
    const size = version * 4 + 17;
    const dark = Array.from({ length: size }, () => new Array(size).fill(false));
    const fixed = Array.from({ length: size }, () => new Array(size).fill(false));
    const set = (r, c, on) => {
      if (r < 0 || c < 0 || r >= size || c >= size) return;
      dark[r][c] = Boolean(on);
      fixed[r][c] = true;
    };
    for (let i = 0; i < size; i++) set(6, i, i % 2 === 0), set(i, 6, i % 2 === 0);
    for (const [r, c] of [[3, 3], [3, size - 4], [size - 4, 3]])
      for (let y = -4; y <= 4; y++) for (let x = -4; x <= 4; x++) {
        const ring = Math.max(Math.abs(x), Math.abs(y));
        set(r + y, c + x, ring !== 2 && ring !== 4);
      }
    const places = alignment(version), end = places.length - 1;
    places.forEach((r, i) => places.forEach((c, j) => {
      if ((i === 0 && j === 0) || (i === 0 && j === end) || (i === end && j === 0)) return;
      for (let y = -2; y <= 2; y++) for (let x = -2; x <= 2; x++) set(r + y, c + x, Math.max(Math.abs(x), Math.abs(y)) !== 1);
    }));
    if (version > 6) {
      const bits = protect(version, 0x1f25, 12);
      for (let i = 0; i < 18; i++) {
        const a = size - 11 + (i % 3), b = Math.floor(i / 3);
        set(a, b, (bits >> i) & 1);
        set(b, a, (bits >> i) & 1);
      }
    }
    const format = (mask) => {
      const bits = protect((1 << 3) | mask, 0x537, 10) ^ 0x5412;
      const bit = (i) => (bits >> i) & 1;
      for (let i = 0; i < 6; i++) set(i, 8, bit(i)), set(8, i, bit(14 - i));
      set(7, 8, bit(6)), set(8, 8, bit(7)), set(8, 7, bit(8));
      for (let i = 0; i < 8; i++) set(8, size - 1 - i, bit(i));
      for (let i = 8; i < 15; i++) set(size - 15 + i, 8, bit(i));
      set(size - 8, 8, 1);
    };
    format(0);

    // Upwards and downwards in pairs of columns, from the right.
    let at = 0;
    for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
      if (right === 6) right = 5;
      for (let k = 0; k < size; k++) for (const c of [right, right - 1]) {
        const r = up ? size - 1 - k : k;
        if (fixed[r][c]) continue;
        dark[r][c] = at < words.length * 8 && ((words[at >> 3] >> (7 - (at & 7))) & 1) === 1;
        at++;
      }
    }

    // The mask with the fewest long runs, blocks, and the best balance.
    const flip = (mask) => dark.forEach((row, r) => row.forEach((_, c) => {
      if (!fixed[r][c] && kMasks[mask](r, c)) dark[r][c] = !dark[r][c];
    }));
    const penalty = () => {
      let sum = 0, on = 0;
      for (let i = 0; i < size; i++) for (const get of [(j) => dark[i][j], (j) => dark[j][i]])
        for (let j = 0, run = 0; j < size; j++) {
          run = j && get(j) === get(j - 1) ? run + 1 : 1;
          if (run === 5) sum += 3;
          else if (run > 5) sum++;
        }
      for (let r = 0; r < size; r++) for (let c = 0; c < size; c++) {
        on += dark[r][c];
        if (r && c && dark[r][c] === dark[r - 1][c] && dark[r][c] === dark[r][c - 1] && dark[r][c] === dark[r - 1][c - 1]) sum += 3;
      }
      return sum + 10 * Math.floor(Math.abs((on / size / size) * 20 - 10));
    };
    let best = 0, least = Infinity;
    for (let mask = 0; mask < 8; mask++) {
      flip(mask), format(mask);
      const p = penalty();
      if (p < least) [best, least] = [mask, p];
      flip(mask);
    }
    flip(best), format(best);
    return dark;
  }

  return (text) => {
    const bytes = [...new TextEncoder().encode(text)];
    for (let version = 1; version <= 40; version++) {
      const room = (words_of(version) - kBlocks[version - 1] * kCheck[version - 1]) * 8;
      if (4 + (version < 10 ? 8 : 16) + bytes.length * 8 <= room) return draw(version, encode(bytes, version));
    }
    return null;  // too long
  };
})();
