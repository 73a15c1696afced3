import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../tests/support/eventually.js';
import type { Ground } from './ground.js';
import type { Service } from './service.js';

/** Three processes on one database, of which at least two can be connected to at any time. */
export class Fleet {
  private readonly up: Set<Service>;
  kills = 0;
  private victims = 0;

  private constructor(
    private readonly ground: Ground,
    readonly services: readonly [Service, Service, Service],
  ) {
    this.up = new Set(services);
  }

  /** @param variables of each process, beside those of the ground */
  static async start(ground: Ground, variables: Record<string, string> = {}): Promise<Fleet> {
    // The first migrates and makes the first administrator and the keys.
    const first = await ground.service(variables);
    const others = Promise.all([ground.service(variables), ground.service(variables)]);
    return new Fleet(ground, [first, ...(await others)]);
  }

  /** Of the processes that can be connected to. */
  readonly urls = (): readonly string[] => [...this.up].map(({ url }) => url);

  readonly anyUrl = (): string => {
    const urls = this.urls();
    return urls[Math.floor(Math.random() * urls.length)] ?? this.services[0].url;
  };

  /** kill -9; resolves when another process serves in its place. */
  kill(): Promise<void> {
    return this.disturb(async (victim) => {
      await victim.stop('SIGKILL');
      this.kills += 1;
      await victim.run();
    });
  }

  /** One process stands still for three seconds. */
  freeze(): Promise<void> {
    return this.disturb(async (victim) => {
      victim.signal('SIGSTOP');
      await sleep(3000);
      victim.signal('SIGCONT');
      await eventually(() => victim.isReady(), 120_000, 50);
    });
  }

  /** All processes lose their LISTEN connections. */
  async deafen(): Promise<void> {
    await this.ground.rows(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'gatehouse-listening'`,
    );
  }

  private async disturb(fault: (victim: Service) => Promise<void>): Promise<void> {
    const victim = this.services[this.victims % this.services.length] as Service;
    this.victims += 1;
    this.up.delete(victim);
    await fault(victim);
    this.up.add(victim);
  }
}
