import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { bundled, pagesBuilt } from './builds.mjs';

// Run by `npm start`: builds what has changed, both parts at a time, and becomes the service. The builds are processes of their
// own, so that nothing of them stays in its memory.
const builds = [
  [bundled, 'bundle.mjs'],
  [pagesBuilt, 'web/build.mjs'],
];
const outcomes = await Promise.all(builds.map(([done, program]) => done().isCurrent() || build(program)));
if (outcomes.every(Boolean)) await import('./dist/service/main.js');
else process.exitCode = 1;

async function build(program) {
  const child = spawn(process.execPath, [program], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code === 0;
}
