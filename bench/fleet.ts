import { Child } from './child.js';
import type { RedisServer } from './redis-server.js';
import { loginBody, post } from './requests.js';
import { password, username } from './seed.js';
import type { ServiceCalls } from './service.js';
import { tried } from './side.js';
import type { Stage } from './stage.js';

interface Credentials {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

/** Several processes of the service on one database. */
export class Fleet {
  private constructor(
    readonly children: readonly Child<ServiceCalls>[],
    readonly ports: readonly number[],
  ) {}

  /** Windows of a second, because limits count in both places for one window after a start. Tokens name the first process of the stage. */
  static async start(
    stage: Stage,
    count: number,
    redis?: RedisServer,
    more: Record<string, string> = {},
  ): Promise<Fleet> {
    const env = {
      ...stage.env,
      PUBLIC_URL: `http://localhost:${stage.service.port}`,
      RATE_LIMIT_MUTATION: '999999/1s',
      RATE_LIMIT_COST: '999999999/1s',
      ...(redis && { REDIS_URL: redis.url }),
      ...more,
    };
    const starting = Array.from({ length: count }, () => Child.start<ServiceCalls>('service', stage.serverCore, env));
    const children = await Promise.all(starting);
    return new Fleet(children, await Promise.all(children.map((child) => child.ask('port'))));
  }

  /** @returns access tokens of so many users, from the second one on */
  async signIn(count: number): Promise<string[]> {
    const tokens: string[] = [];
    for (let n = 0; n < count; n += 1) tokens.push((await this.signInAs(username(n + 2))).accessToken);
    return tokens;
  }

  async signInAs(who: string): Promise<Credentials> {
    const { answer } = await tried(this.ports[0] ?? 0, post('/graphql', loginBody(who, password)));
    const { accessToken, refreshToken } = (answer as { data: { login: { result: Omit<Credentials, 'sessionId'> } } })
      .data.login.result;
    const [, claims = ''] = accessToken.split('.');
    return { accessToken, refreshToken, sessionId: JSON.parse(Buffer.from(claims, 'base64url').toString()).sid };
  }

  /** Processor seconds of all processes so far. */
  async cpu(): Promise<number> {
    const usages = await Promise.all(this.children.map((child) => child.usage()));
    return usages.reduce((sum, { cpu }) => sum + cpu, 0);
  }

  async statements(): Promise<number> {
    const sent = await Promise.all(this.children.map((child) => child.ask('statements')));
    return sent.reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    for (const child of this.children) await leave(child);
  }
}

/** Stops a process in good order, so that others do not wait for it as for one that may come back. */
export async function leave(child: Child<ServiceCalls>): Promise<void> {
  await child.ask('close').catch(() => undefined);
  await child.stop();
}
