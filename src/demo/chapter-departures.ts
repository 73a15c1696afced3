import { deactivateUser } from '../accounts/deactivate-user.js';
import { updateProfile } from '../accounts/update-profile.js';
import type { Calendar } from './calendar.js';
import { computerOf } from './devices.js';
import type { Scene } from './scene.js';

/**
 * Two people who change: Marta Lindqvist moves from Personnel to the sport desk and keeps the role of her former desk, which
 * everybody forgets; Viktor Petrov leaves and loses everything.
 */
export const leaving = ({ on }: Calendar): readonly Scene[] => [
  {
    at: on(17, 9, 40),
    play: async (stage) => updateProfile(await stage.as('marta.lindqvist'), { bio: 'Sport desk. Formerly Personnel.' }),
  },
  {
    at: on(9, 17),
    play: async (stage) =>
      deactivateUser(await stage.as('ayesha.khan'), {
        userId: stage.users.get('viktor.petrov'),
        reason: 'Has left the Harbour Courier.',
      }),
  },
  {
    at: on(7, 22, 15),
    play: (stage) => stage.attempt('viktor.petrov', stage.passwordOf('viktor.petrov'), computerOf('viktor.petrov')),
  },
];
