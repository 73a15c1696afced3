import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { bundled, pagesBuilt } from './builds.mjs';

// Run by `npm start`: builds what has changed, and becomes the service. The builds are processes of their own, so that nothing
// of them stays in its memory. The service does not wait for the pages: it starts while they are built, and requests for them
// wait. That build leaves the processors to the start.
const politely = getPriority() + 10;

// The service serves from it at once.
mkdirSync('dist/web/assets', { recursive: true });
const building = pagesBuilt().isCurrent() ? undefined : build('web/build.mjs', politely);
if (bundled().isCurrent() || (await build('bundle.mjs'))) {
  const { start } = await import('./dist/service/begin.js');
  await start(building);
} else process.exitCode = 1;

/** @returns whether it succeeds */
async function build(program, priority) {
  const child = spawn(process.execPath, [program], { stdio: 'inherit' });
  if (priority !== undefined && child.pid) setPriority(child.pid, priority);
  const [code] = await once(child, 'exit');
  return code === 0;
}
