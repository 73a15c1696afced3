import type { Answer } from './connection.js';
import { drive, type NextRequest, type Pace } from './load.js';
import { watching } from './measure.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import { loginBody, post, refreshBody } from './requests.js';
import { password, username } from './seed.js';
import { tried } from './side.js';
import type { Stage } from './stage.js';
import { interleaved, median, medianOf } from './statistics.js';
import { clients } from './throughput.js';

/**
 * Measures refresh token rotation against the same statements sent directly. Each client refreshes its own session with
 * the token that it got last.
 */
export async function refresh(stage: Stage, { rounds, seconds }: Plan): Promise<Result> {
  const { child, port } = stage.service;
  const work = {
    floor: () => stage.floor.child.ask('rotate', { sessions: clients, seconds }),
    service: () => watching(child, () => refreshing(port, seconds)),
  };
  await interleaved(1, work);
  const { floor, service } = await interleaved(rounds, work);
  const [floorPace, pace] = [median(floor), medianOf(service, ({ perSecond }) => perSecond)];
  return {
    scenario: 'refresh',
    floor: `${Math.round(floorPace)}/s`,
    service: `${Math.round(pace)}/s`,
    ratio: pace / floorPace,
    target: { atLeast: 0.5 },
    notes: [`the service's core is in use ${Math.round(medianOf(service, ({ busy }) => busy) * 100)} %`],
  };
}

async function refreshing(port: number, seconds: number): Promise<Pace> {
  const starts = await Promise.all(Array.from({ length: clients }, (_, n) => signIn(port, username(n + 2))));
  const requests = starts.map(
    (token): NextRequest =>
      (last) =>
        post('/graphql', refreshBody(last ? next(last) : token)),
  );
  return drive({ port, requests, seconds, isRight: (answer) => next(answer) !== '' });
}

const next = ({ body }: Answer): string => /"refreshToken":"([^"]+)"/.exec(Buffer.concat(body).toString())?.[1] ?? '';

async function signIn(port: number, who: string): Promise<string> {
  const { answer } = await tried(port, post('/graphql', loginBody(who, password)));
  return (answer as { data: { login: { result: { refreshToken: string } } } }).data.login.result.refreshToken;
}
