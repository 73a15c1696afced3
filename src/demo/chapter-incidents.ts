import { beginTwoFactorEnrollment } from '../authentication/begin-two-factor-enrollment.js';
import { confirmTwoFactorEnrollment } from '../authentication/confirm-two-factor-enrollment.js';
import { unlockUser } from '../authentication/unlock-user.js';
import { after, minutes, seconds } from '../clock.js';
import type { Calendar } from './calendar.js';
import { computerOf, type Device, intruders } from './devices.js';
import type { Scene } from './scene.js';
import type { Stage } from './stage.js';

/** Whose second factor is on. */
const withSecondFactor = 'tomasz.zielinski';
/** Whose account is locked at the first start. */
const locked = 'oluwaseun.adeyemi';

/** Attacks on sign-ins, a forgotten password, and a second factor. */
export const incidents = ({ on, ago }: Calendar): readonly Scene[] => [
  { at: on(26, 9, 30), play: enableSecondFactor },
  ...wrongPasswords(on(20, 2, 14), intruders.spraying, ['admin', 'root', 'test', 'kwame.mensah', 'ines.duarte']),
  ...wrongPasswords(on(13, 3, 40), intruders.visiting, ['yuki.tanaka', 'yuki', 'tanaka']),
  ...wrongPasswords(on(8, 8, 2), computerOf('liam.oconnor'), times(5, 'liam.oconnor')),
  {
    at: on(8, 8, 25),
    play: async (stage) => unlockUser(await stage.as('priya.raman'), stage.users.get('liam.oconnor')),
  },
  ...wrongPasswords(on(3, 1, 5), intruders.spraying, ['hana.novakova', 'jonas.weber', 'diego.alvarez', 'wei.zhang']),
  ...wrongPasswords(ago(minutes(9)), intruders.hammering, times(7, locked)),
];

const times = (count: number, name: string): string[] => Array.from({ length: count }, () => name);

/** One attempt every twenty seconds. */
const wrongPasswords = (from: Date, device: Device, names: readonly string[]): Scene[] =>
  names.map((name, index) => ({
    at: after(from, seconds(20 * index)),
    play: (stage: Stage) => stage.attempt(name, `Courier-${2020 + index}`, device),
  }));

async function enableSecondFactor(stage: Stage): Promise<void> {
  const operation = await stage.as(withSecondFactor);
  const { secret } = await beginTwoFactorEnrollment(operation, stage.passwordOf(withSecondFactor));
  stage.authenticators.set(withSecondFactor, secret);
  await confirmTwoFactorEnrollment(operation, stage.codeOf(withSecondFactor));
}
