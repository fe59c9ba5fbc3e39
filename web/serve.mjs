// serve.mjs: a static file server for trying the site on this machine, and its size on the wire.
//   node web/serve.mjs [--port N] FOLDER   serves FOLDER on 127.0.0.1
//   node web/serve.mjs --size FOLDER       prints what all of it transfers, brotli-compressed
//   node web/serve.mjs --script FILE.wasm makes FILE.wasm.js, a script with its bytes: lrlab.wasm.js calls lrlab_wasm,
//                                          any other sets a variable, NAME_wasm
//   node web/serve.mjs --script NAME.txt FOLDER  makes FOLDER/NAME.js, which sets lrlab_NAME to its text (lab.js)
//   node web/serve.mjs --limit KB FOLDER   a test: fails when that is more than KB
// It sends no special headers on purpose: the site must work on any static host.
import { createServer } from 'node:http';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync, createReadStream } from 'node:fs';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const kTypes = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',  // anything else, and streaming compilation refuses it
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

export function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

// Bytes of every file of the lab's page after brotli at its highest level: what a good host sends. Other
// pages, and what is loaded when it is asked for (sharing, the digits, the copy for frames), do not count.
export function transfer_sizes(folder) {
  const of_page = (path) => !/^((article|reference|posters)[/\\]|lrlab\.wasm\.js$|lr-lab\.js$|embed\.|(lessons|builder|bench|pages|oembed|share|qr|sw|lrlab-share|digits)\.)/.test(relative(folder, path));
  return files(folder).filter(of_page).map((path) => {
    const raw = readFileSync(path);
    const packed = brotliCompressSync(raw, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
      },
    });
    return { name: relative(folder, path), raw: raw.length, packed: packed.length };
  }).sort((a, b) => b.packed - a.packed);
}

// The file a request names, or null. A folder means its index.html; nothing outside root is served.
function find(root, url) {
  let name;
  try {
    name = decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname);
  } catch {
    return null;
  }
  if (name.includes('\0')) return null;
  const path = resolve(root, '.' + name);
  if (path !== root && !path.startsWith(root + sep)) return null;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) {
      // Without the slash the page's relative links would point beside the folder.
      if (!name.endsWith('/')) return { redirect: name.replace(/^\/+/, '/') + '/' };
      return { path: join(path, 'index.html'), size: statSync(join(path, 'index.html')).size };
    }
    return stat.isFile() ? { path, size: stat.size } : null;
  } catch {
    return null;
  }
}

// A server of `folder` on 127.0.0.1; port 0 lets the system choose. Resolves when it listens.
export function serve(folder, port) {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const found = find(root, request.url);
    if (!found) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n');
    } else if (found.redirect) {
      response.writeHead(301, { Location: encodeURI(found.redirect) }).end();
    } else {
      response.writeHead(200, {
        'Content-Type': kTypes[extname(found.path).toLowerCase()] ?? 'application/octet-stream',
        'Content-Length': found.size,
        'Cache-Control': 'no-cache',  // after a rebuild, a reload shows it
        'X-Content-Type-Options': 'nosniff',
      });
      if (request.method === 'HEAD') response.end();
      else createReadStream(found.path).on('error', () => response.destroy()).pipe(response);
    }
  });
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => done(server));
  });
}

async function main(args) {
  let port = null, size = false, script = null, limit = null, folder = null;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--size') size = true;
    else if (args[i] === '--script') script = args[++i];
    else if (args[i] === '--limit') limit = Number(args[++i]);
    else if (args[i] === '--port') port = Number(args[++i]);
    else folder = args[i];
  }
  if (script) {
    const bytes = readFileSync(script), name = basename(script, extname(script));
    if (extname(script) === '.txt') {
      writeFileSync(join(folder, `${name}.js`), `var lrlab_${name} = ${JSON.stringify(bytes.toString())};\n`);
    } else {
      const text = `'${bytes.toString('base64')}'`;
      writeFileSync(`${script}.js`, name === 'lrlab' ? `lrlab_wasm(${text});\n` : `var ${name.replace(/\W/g, '_')}_wasm = ${text};\n`);
    }
    return;
  }
  if (!folder) throw new Error('which folder?');
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}: build the site first`);
  if (port !== null && !(Number.isInteger(port) && port >= 0 && port < 65536))
    throw new Error('--port wants a number below 65536');

  if (limit !== null) {
    const bytes = transfer_sizes(folder).reduce((total, row) => total + row.packed, 0);
    const fits = bytes <= limit * 1000;
    console.log(`The page transfers ${(bytes / 1000).toFixed(1)} kB of ${limit} allowed.`);
    console.log(fits ? '1 passed, 0 failed' : '0 passed, 1 failed');
    process.exitCode = fits ? 0 : 1;
    return;
  }
  if (size) {
    const rows = transfer_sizes(folder);
    const kb = (bytes) => (bytes / 1000).toFixed(1).padStart(8);
    console.log('Transfer size, brotli 11 (and as it lies), in kB:');
    for (const row of rows.slice(0, 6)) console.log(`${kb(row.packed)} ${kb(row.raw)}  ${row.name}`);
    const rest = rows.slice(6);
    const sum = (list, key) => list.reduce((total, row) => total + row[key], 0);
    if (rest.length)
      console.log(`${kb(sum(rest, 'packed'))} ${kb(sum(rest, 'raw'))}  ${rest.length} more`);
    console.log(`${kb(sum(rows, 'packed'))} ${kb(sum(rows, 'raw'))}  everything, of 500 allowed`);
    return;
  }

  // A port that was asked for is meant; the default one may move.
  const tries = port !== null ? [port] : Array.from({ length: 20 }, (_, i) => 8080 + i);
  for (const [i, candidate] of tries.entries()) {
    try {
      const server = await serve(folder, candidate);
      if (i > 0) console.log(`Port ${tries[0]} is taken.`);
      console.log(`Learning Rate Lab: http://127.0.0.1:${server.address().port}/   (Ctrl+C ends it)`);
      return;
    } catch (error) {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
      if (i === tries.length - 1)
        throw new Error(port !== null ? `port ${port} cannot be had: taken, or not allowed`
                                      : `ports ${tries[0]} to ${candidate} are all taken`);
    }
  }
}

if (process.argv[1] && resolve(process.argv[1]) === resolve(new URL(import.meta.url).pathname)) {
  process.on('SIGINT', () => process.exit(0)).on('SIGTERM', () => process.exit(0));
  main(process.argv.slice(2)).catch((error) => {
    console.error(`serve: ${error.message}`);
    process.exit(1);
  });
}
