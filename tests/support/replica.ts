import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { postgresBinaries } from '../../src/database/embedded/embedded-postgres-binaries.js';
import {
  asSeenFromWithin,
  bareEnvironment,
  choosePostgresUser,
  handOver,
  type PostgresUser,
} from '../../src/database/embedded/embedded-postgres-user.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { rowsOf } from './postgres.js';

/** A standby must allow as many connections as its primary. */
const settings = { fsync: 'off', max_connections: '150' };

/** Servers of this test file, which are ended after it: the last one first. */
const running: { stop(): Promise<void> }[] = [];
afterAll(async () => {
  for (const server of running.reverse()) await server.stop();
});

/** A PostgreSQL server of its own, with an empty database, from which replicas can stream. */
export class Primary {
  private constructor(
    readonly url: string,
    readonly folder: string,
    private readonly server: EmbeddedPostgres,
  ) {}

  static async start(): Promise<Primary> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-primary-'));
    const server = await startEmbeddedPostgres({ dataDir: folder, log: pino({ level: 'silent' }), settings });
    const primary = new Primary(server.url, folder, server);
    running.push(primary);
    return primary;
  }

  /** Ends the server in good order: its replicas have all that it has written. */
  halt(): Promise<void> {
    return this.server.stop();
  }

  async stop(): Promise<void> {
    await this.halt();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  /** Copies the data while the server runs, as pg_basebackup does. */
  async copyInto(folder: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      await client.query(`select pg_backup_start('standby', true)`);
      // A file that goes meanwhile is missing in the copy, which is as it should be.
      await promisify(execFile)('cp', ['-a', join(this.folder, 'postgres'), folder]).catch(() => undefined);
      const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
      await writeFile(join(folder, 'postgres', 'backup_label'), String(rows[0]?.labelfile));
      for (const file of ['postmaster.pid', 'postmaster.opts'])
        await rm(join(folder, 'postgres', file), { force: true });
    } finally {
      await client.end();
    }
  }
}

let replicas = 0;

/** A streaming replica with a replication slot, on a port of its own, which can be killed, frozen and held up. */
export class StreamingReplica {
  private child: ChildProcess | undefined;
  private output = '';

  private constructor(
    readonly url: string,
    private readonly port: number,
    private readonly folder: string,
    private readonly user: PostgresUser,
    private readonly more: Record<string, string>,
  ) {}

  /** @param more settings of the replica */
  static async of(primary: Primary, more: Record<string, string> = {}): Promise<StreamingReplica> {
    replicas += 1;
    const slot = `replica_${replicas}`;
    await rowsOf(primary.url, `select pg_create_physical_replication_slot('${slot}', true)`);
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-replica-'));
    await primary.copyInto(folder);
    const { hostname, port, username, password } = new URL(primary.url);
    const data = join(folder, 'postgres');
    const source = `host=${hostname} port=${port} user=${username} password=${password}`;
    await appendFile(join(data, 'postgresql.auto.conf'), `primary_conninfo='${source}'\nprimary_slot_name='${slot}'\n`);
    await writeFile(join(data, 'standby.signal'), '');
    const user = await choosePostgresUser(data);
    for (const file of ['standby.signal', 'backup_label']) await handOver(join(data, file), user);
    const url = new URL(primary.url);
    url.port = String(await freePort());
    const replica = new StreamingReplica(url.href, Number(url.port), folder, user, more);
    running.push(replica);
    await replica.resume();
    return replica;
  }

  /** Starts it, and waits until it answers. */
  async resume(): Promise<void> {
    const given = {
      ...settings,
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: '',
      wal_receiver_status_interval: '1',
      wal_retrieve_retry_interval: '100',
      ...this.more,
    };
    const data = join(this.folder, 'postgres');
    const { postgres } = await postgresBinaries(this.user);
    const args = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.child = spawn(postgres, ['-D', asSeenFromWithin(data, this.user), ...args], {
      ...this.user,
      cwd: data,
      env: bareEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child.stderr?.on('data', (chunk) => {
      this.output += chunk;
    });
    await this.answers();
  }

  /** Resolves when it answers. */
  async answers(): Promise<void> {
    await eventually(async () => {
      if (this.child?.exitCode != null) throw new Error(this.output);
      return this.ask('select 1').then(
        () => true,
        () => false,
      );
    });
  }

  ask<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
    return rowsOf<Row>(this.url, text);
  }

  /** Keeps it from replaying what it receives. */
  async pause(): Promise<void> {
    await this.ask('select pg_wal_replay_pause()');
    await eventually(async () => {
      const [row] = await this.ask<{ state: string }>('select pg_get_wal_replay_pause_state() as state');
      return row?.state === 'paused';
    });
  }

  async unpause(): Promise<void> {
    await this.ask('select pg_wal_replay_resume()');
  }

  /** Has it receive nothing more. */
  async cutOff(): Promise<void> {
    await this.ask(`alter system set primary_conninfo = ''`);
    await this.ask('select pg_reload_conf()');
    await eventually(async () => (await this.ask('select from pg_stat_wal_receiver')).length === 0);
  }

  async promote(): Promise<void> {
    await this.ask('select pg_promote(true)');
  }

  /** Keeps all its processes from running, with their connections open. */
  freeze(): void {
    for (const pid of this.processes()) process.kill(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of this.processes()) process.kill(pid, 'SIGCONT');
  }

  /** Ends all its processes as `kill -9` does. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    for (const pid of this.processes()) process.kill(pid, 'SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  /** The server's first process, and those that it has started. */
  private processes(): number[] {
    const pid = this.child?.pid;
    if (pid === undefined) return [];
    return [pid, ...readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)];
  }
}
