import { setTimeout as sleep } from 'node:timers/promises';
import { audit } from './audit.js';
import { Fleet } from './fleet.js';
import { comeAndGo, followersOf, peopleOf } from './followers.js';
import { compare, type Follower, newestCursor } from './received.js';
import type { Scenario, Size } from './scenario.js';
import { Writers } from './writers.js';

const names = ['person.one', 'person.two'];

/**
 * Three processes: again and again one is killed, and between times one stands still for three seconds and all lose
 * their LISTEN connections. Meanwhile the sockets of readers are cut, one after another.
 */
export const threeProcesses: Scenario = async (ground, size) => {
  const fleet = await Fleet.start(ground);
  const admin = await fleet.services[0].administrator();
  const people = await peopleOf(admin, names);
  const after = await newestCursor(admin);
  const followers = followersOf(fleet, admin, people, after);
  const writers = new Writers(fleet.anyUrl, 'three', size.writers, size.pause);
  let isOver = false;
  const visits = names.map((name) => comeAndGo(name, fleet.anyUrl, 4 * size.pause, () => isOver));
  const disturbing = disturb(fleet, size).finally(() => {
    isOver = true;
  });
  const [cuts] = await Promise.all([cut(followers, size.cutPause, (cuts) => isOver && cuts >= size.cuts), disturbing]);
  await Promise.all([writers.stop(), ...visits]);
  const audited = await audit(ground, writers, size);
  const compared = await compare(ground, followers, after);
  for (const { reader } of followers) await reader.stop();
  return {
    title: `three processes: killed, frozen and deaf under ${writers.count} writers`,
    counts: [
      { what: 'processes killed', value: fleet.kills },
      { what: 'sockets cut', value: cuts },
      ...audited,
      ...compared,
    ],
  };
};

/** @returns how many streams were cut */
async function cut(
  followers: readonly Follower[],
  cutPause: number,
  isEnough: (cuts: number) => boolean,
): Promise<number> {
  let cuts = 0;
  while (!isEnough(cuts)) {
    const { reader } = followers[Math.floor(Math.random() * followers.length)] as Follower;
    if (reader.cut()) cuts += 1;
    await sleep(Math.random() * cutPause);
  }
  return cuts;
}

async function disturb(fleet: Fleet, { killsOfThree: kills }: Size): Promise<void> {
  const every = Math.max(3, Math.ceil(kills / 3));
  for (let n = 0; n < kills; n += 1) {
    await fleet.kill();
    await sleep(Math.random() * 500);
    if (n % every === 0) await fleet.freeze();
    if (n % every === every - 1) await fleet.deafen();
  }
}
