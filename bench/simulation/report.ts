import { percentile } from '../statistics.js';
import type { Operation } from './measured.js';
import { Model, type Setting } from './model.js';
import type { Station } from './stations.js';

/** What one person does on a day on which they come, and how much more than the mean the busiest hour has. */
const perDay: Readonly<Record<Operation, number>> = { viewer: 40, list: 0.2, refresh: 10, signIn: 1, change: 0.5 };
const peak = 3;
/** Simulated milliseconds: until the queues stand, and measured then. */
const settling = 2000;
const measuring = 3000;
/** From this share of time on that a server is busy, queues grow with every further person. */
const full = 0.85;
const databaseCores = 32;

const ratesFor = (people: number) =>
  Object.fromEntries(
    Object.entries(perDay).map(([name, times]) => [name, (people * times * peak) / 86_400]),
  ) as Readonly<Record<Operation, number>>;

interface Found {
  readonly people: number;
  readonly stations: readonly { readonly station: Station; readonly load: number }[];
  readonly model: Model;
}

function simulate(setting: Omit<Setting, 'rates'>, people: number): Found {
  const model = new Model({ ...setting, rates: ratesFor(people) });
  model.engine.run(settling);
  model.measure();
  model.engine.run(settling + measuring);
  const busiest = (which: 'main' | 'hashing') =>
    [...model.processes].sort((one, other) => other[which].utilisation(measuring) - one[which].utilisation(measuring))[
      Math.floor(model.processes.length / 2)
    ]?.[which] as Station;
  const stations = [busiest('main'), busiest('hashing'), ...model.stations].map((station) => ({
    station,
    load: station.load(measuring),
  }));
  return { people, stations, model };
}

const isFull = ({ stations }: Found) => stations.some(({ load }) => load >= full);

/** The most people a day, to a twentieth, before a station is full. */
function most(setting: Omit<Setting, 'rates'>): Found {
  let [fits, people] = [simulate(setting, 1000), 1000];
  for (let factor = 2; factor > 1.05; factor = Math.sqrt(factor)) {
    for (;;) {
      const next = simulate(setting, people * factor);
      if (isFull(next)) break;
      [fits, people] = [next, people * factor];
    }
  }
  return fits;
}

function described(setting: Omit<Setting, 'rates'>): string {
  const { people, stations, model } = most(setting);
  const times = (name: Operation) =>
    `${name} ${percentile(model.times[name], 0.5).toFixed(1)} / ${percentile(model.times[name], 0.95).toFixed(1)}`;
  const lines = [...stations]
    .sort((one, other) => other.load - one.load)
    .map(
      ({ station, load }) =>
        `  ${station.name.padEnd(22)} load ${(load * 100).toFixed(0).padStart(3)} %  ` +
        `wait p50 ${station.wait(0.5).toFixed(2)} ms, p95 ${station.wait(0.95).toFixed(2)} ms, longest queue ${station.longest}`,
    );
  const head = `${setting.processes} processes ${setting.hasRedis ? 'with' : 'without'} Redis: ${(people / 1e6).toFixed(1)} million people a day`;
  const answers = (['signIn', 'refresh', 'change', 'viewer', 'list'] as const).map(times).join(', ');
  return [head, `  p50 / p95 in ms: ${answers}`, ...lines].join('\n');
}

/** Says where the queues stand when ten, fifty and two hundred processes have as much to do as they can. */
export const simulation = (): string =>
  [false, true]
    .flatMap((hasRedis) => [10, 50, 200].map((processes) => described({ processes, hasRedis, databaseCores })))
    .join('\n\n');
