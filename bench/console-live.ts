import type { CDPSession } from 'playwright-core';
import { type Budget, verdictOf } from './browser-budget.js';
import type { Site } from './browser-site.js';
import { Child } from './child.js';
import type { Watched } from './console-probe.js';
import { type ConsoleStage, consoleStage } from './console-stage.js';
import type { WriterCalls } from './console-writers.js';
import { percentile } from './statistics.js';

const perSecond = 50;
/** Of events, before anything is measured: the list is full then, and the code compiled. */
const warmUp = 15;
const seconds = 60;
const people = 25;
/** In milliseconds. */
const longestFrame = 100;
/** Growth of the heap that counts as flat, in bytes. */
const flat = 1_000_000;
/** How long events may be on their way, in milliseconds. */
const patience = 3000;

/** The live feed while fifty events happen in each second of a minute. */
export async function consoleLive(site: Site): Promise<Budget[]> {
  return liveOn(await consoleStage(site), site.closing);
}

async function liveOn({ url, page, probe }: ConsoleStage, closing: Site['closing']): Promise<Budget[]> {
  const port = Number(new URL(url).port);
  const writers = await Child.start<WriterCalls>('console-writers', undefined, {});
  closing.add(() => writers.stop());
  await writers.ask('signIn', { port, people });
  await page.goto(`${url}/console/live`);
  await probe.settled();
  const protocol = await page.context().newCDPSession(page);
  await writers.ask('write', { port, perSecond, seconds: warmUp });
  await page.waitForTimeout(patience);
  const before = await heapOf(protocol);
  // The collection has taken a long frame of its own.
  await page.waitForTimeout(1000);
  await probe.watch();
  const written = await writers.ask('write', { port, perSecond, seconds });
  await page.waitForTimeout(patience);
  const watched = await probe.watched();
  const after = await heapOf(protocol);
  await writers.stop();
  return [framesRow(watched, written), heapRow(before, after)];
}

/** Bytes in use after a collection. */
async function heapOf(protocol: CDPSession): Promise<number> {
  for (let n = 0; n < 3; n += 1) await protocol.send('HeapProfiler.collectGarbage');
  return (await protocol.send('Runtime.getHeapUsage')).usedSize;
}

function framesRow({ frames, long, rows }: Watched, written: number): Budget {
  const worst = Math.max(...frames);
  const late = long.filter((duration) => duration > longestFrame).length;
  return {
    what: `live, ${perSecond} events a second for ${seconds} s, longest frame`,
    measured: `${Math.round(worst)} ms, ${rows} of ${written} shown`,
    bound: `≤ ${longestFrame} ms, all shown`,
    verdict: verdictOf(worst <= longestFrame && rows >= written),
    notes: [
      `${frames.length} frames, p50 ${percentile(frames, 0.5).toFixed(1)} ms, p99 ${percentile(frames, 0.99).toFixed(1)} ms`,
      `${frames.filter((one) => one > longestFrame).length} frames above ${longestFrame} ms apart; ${long.length} took ` +
        `above 50 ms of work, ${late} above ${longestFrame} ms, the longest ${Math.round(Math.max(0, ...long))} ms`,
    ],
  };
}

function heapRow(before: number, after: number): Budget {
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
  return {
    what: 'live, growth of the heap in that minute',
    measured: kilobytes(after - before),
    bound: `≤ ${kilobytes(flat)}`,
    verdict: verdictOf(after - before <= flat),
    notes: [`${kilobytes(before)} before and ${kilobytes(after)} after, each behind a collection`],
  };
}
