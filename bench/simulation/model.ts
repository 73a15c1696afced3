import { Engine, random } from './engine.js';
import { type Cost, costs, type Operation, parts } from './measured.js';
import { Batch, Queue, type Station } from './stations.js';

export interface Setting {
  readonly processes: number;
  readonly hasRedis: boolean;
  /** Processors of the database's machine. */
  readonly databaseCores: number;
  /** Operations per second of each kind, over all processes. */
  readonly rates: Readonly<Record<Operation, number>>;
}

/** One process: a thread that answers, and one that hashes. Rounds of one process do not overlap. */
interface Process {
  readonly main: Queue;
  readonly hashing: Queue;
  isAsking: boolean;
  askers: (() => void)[];
}

/** How long operations took, in milliseconds. */
export type Times = Readonly<Record<Operation, number[]>>;

/** Processes, a database, its log, the lock of NOTIFY, Redis, and the one that publishes events, as queues. */
export class Model {
  readonly engine = new Engine();
  readonly database: Queue;
  /** Without NOTIFY commits that wait share a flush. */
  readonly log = new Batch(this.engine, 'log on disk', parts.flush, 10_000);
  /** NOTIFY locks the whole server from the commit until it is on disk: those commits go one after another. */
  readonly notifying = new Queue(this.engine, 'lock of NOTIFY', 1);
  readonly redis = new Queue(this.engine, 'Redis', 1);
  readonly publishing = new Batch(
    this.engine,
    'publishing of events',
    parts.publishing.batch,
    parts.publishing.mostInBatch,
  );
  readonly processes: readonly Process[];
  readonly times: Times = { viewer: [], list: [], refresh: [], signIn: [], change: [] };
  private readonly draw = random(1);

  constructor(private readonly setting: Setting) {
    this.database = new Queue(this.engine, 'PostgreSQL', setting.databaseCores);
    this.processes = Array.from({ length: setting.processes }, () => ({
      main: new Queue(this.engine, 'answering thread', 1),
      hashing: new Queue(this.engine, 'hashing thread', 1),
      isAsking: false,
      askers: [],
    }));
    for (const name of Object.keys(setting.rates) as Operation[]) this.arrive(name);
    for (const process of this.processes) this.beat(process, this.draw() * 250);
  }

  get stations(): readonly Station[] {
    return [this.database, this.log, this.notifying, this.redis, this.publishing];
  }

  /** Forgets the beginning. */
  measure(): void {
    for (const station of [...this.stations, ...this.processes.flatMap(({ main, hashing }) => [main, hashing])])
      station.measure();
    for (const times of Object.values(this.times)) times.length = 0;
  }

  /** Exponential, as times of service and between arrivals are taken to be. */
  private about(mean: number): number {
    return mean === 0 ? 0 : -Math.log(1 - this.draw()) * mean;
  }

  private arrive(name: Operation): void {
    const rate = this.setting.rates[name];
    if (rate === 0) return;
    this.engine.after(this.about(1000 / rate), () => {
      this.begin(name);
      this.arrive(name);
    });
  }

  private begin(name: Operation): void {
    const cost: Cost = costs[name];
    const process = this.processes[Math.floor(this.draw() * this.processes.length)] as Process;
    const from = this.engine.now;
    const end = () => this.times[name].push(this.engine.now - from);
    const heard = cost.isHeard ? () => this.hear(process, end) : end;
    const committed = () => {
      for (let event = 0; event < cost.events; event += 1)
        this.publishing.visit(parts.publishing.event, () => undefined);
      heard();
    };
    const answered = () => process.main.visit(this.about(cost.service / 2), committed);
    const written = () => (cost.commits ? this.commit(cost, answered) : answered());
    const queried = () => (cost.database > 0 ? this.database.visit(this.about(cost.database), written) : written());
    const hashed = () => (cost.hashing > 0 ? process.hashing.visit(this.about(cost.hashing), queried) : queried());
    process.main.visit(this.about(cost.service / 2), hashed);
  }

  private commit({ isHeard, events }: Cost, then: () => void): void {
    const notifies = !this.setting.hasRedis && (isHeard || events > 0);
    if (notifies) this.notifying.visit(parts.flush, then);
    else this.log.visit(0, then);
  }

  /** Rounds that are asked for while one is under way become the next one. */
  private hear(process: Process, then: () => void): void {
    process.askers.push(then);
    if (!process.isAsking) this.ask(process);
  }

  private ask(process: Process): void {
    const askers = process.askers.splice(0);
    process.isAsking = askers.length > 0;
    if (!process.isAsking) return;
    const others = this.processes.filter((other) => other !== process);
    let awaited = others.length;
    const finish = () => {
      for (const then of askers) then();
      this.ask(process);
    };
    const echoed = () => {
      awaited -= 1;
      if (awaited === 0) finish();
    };
    process.main.visit(this.about(parts.round.service), () =>
      this.database.visit(this.about(parts.round.database), () => {
        if (awaited === 0) return finish();
        if (this.setting.hasRedis) this.echoByRedis(process, others, echoed);
        else this.echoByNotify(others, echoed);
      }),
    );
  }

  /** The call is told to all, and so is each answer. */
  private echoByNotify(others: readonly Process[], echoed: () => void): void {
    const { service, database, delivery } = parts.echo;
    const each = database + delivery * this.processes.length;
    for (const other of others)
      other.main.visit(this.about(service), () => this.database.visit(this.about(each), echoed));
  }

  private echoByRedis({ main }: Process, others: readonly Process[], echoed: () => void): void {
    const { service, redis } = parts.echoByRedis;
    this.redis.visit(redis * others.length, () => {
      for (const other of others)
        other.main.visit(this.about(service), () =>
          this.redis.visit(redis, () => main.visit(this.about(service / 2), echoed)),
        );
    });
  }

  private beat(process: Process, wait: number): void {
    this.engine.after(wait, () => {
      process.main.visit(parts.beat.service, () => this.database.visit(parts.beat.database, () => undefined));
      this.beat(process, 250);
    });
  }
}
