import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { filesIn, publish } from '../build-files.mjs';
import { pagesBuilt } from '../builds.mjs';

// Builds the pages into dist/web, when their sources have changed. Scripts and styles are named for their content; those of
// earlier builds stay for a month, so that a page that was loaded before an upgrade finds what it still asks for.
const target = 'dist/web';
const assets = join(target, 'assets');
const kept = 30 * 24 * 60 * 60 * 1000;
const entries = readdirSync('web').filter((name) => name.endsWith('.html'));

mkdirSync(target, { recursive: true });
const done = pagesBuilt();
if (!done.isCurrent()) await make();

async function make() {
  const { build } = await import('vite');
  const fresh = mkdtempSync('dist/.web-');
  try {
    await build({
      configFile: false,
      root: 'web',
      logLevel: 'warn',
      publicDir: false,
      build: {
        outDir: relative('web', fresh),
        emptyOutDir: true,
        target: ['chrome116', 'firefox124', 'safari17.4'],
        // A style or picture inside a script or a document would need a looser policy.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
        rolldownOptions: {
          input: entries.map((name) => join('web', name)),
          // Libraries mark files for other compilers ('use client'), which means nothing here.
          onLog: (level, log, report) => log.code === 'MODULE_LEVEL_DIRECTIVE' || report(level, log),
        },
      },
    });
    await compress(filesIn(join(fresh, 'assets')));
    const files = filesIn(fresh);
    // The month of an earlier build begins when it is replaced.
    for (const file of done.lastMade()) if (existsSync(file)) utimesSync(file, new Date(), new Date());
    // Documents last: what they name is there before them.
    const inOrder = [...files.filter((file) => !isDocument(file)), ...files.filter(isDocument)];
    done.note(inOrder.map((file) => publish(file, join(target, relative(fresh, file)))));
    forgetOld(new Set(files.map((file) => basename(file))));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function isDocument(file) {
  return file.endsWith('.html');
}

/** Writes `.br` and `.gz` beside each file, so that none is compressed while somebody waits for it. */
async function compress(files) {
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };
  await Promise.all(
    files.flatMap((file) => {
      const content = readFileSync(file);
      return [
        promisify(brotliCompress)(content, brotli).then((made) => writeFileSync(`${file}.br`, made)),
        promisify(gzip)(content, { level: 9 }).then((made) => writeFileSync(`${file}.gz`, made)),
      ];
    }),
  );
}

function forgetOld(names) {
  for (const file of filesIn(assets)) {
    const isOld = Date.now() - statSync(file).mtimeMs > kept;
    if (isOld && !names.has(basename(file))) rmSync(file, { force: true });
  }
}
