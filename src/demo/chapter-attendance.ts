import { hours, minutes } from '../clock.js';
import { logout } from '../sessions/logout.js';
import { type Calendar, pastDays } from './calendar.js';
import { phoneOf } from './devices.js';
import type { Scene } from './scene.js';
import { type Employee, staff } from './staff.js';

/** Who signs in when: at their computers on workdays, on their phones in the last days, and today. */
export const attending = (calendar: Calendar): readonly Scene[] =>
  staff.flatMap((person, index) => [
    ...workdays(calendar, person, index),
    ...phone(calendar, person, index),
    ...today(calendar, person, index),
  ]);

const isStaff = ({ joined = pastDays, left = 0 }: Employee, daysAgo: number): boolean =>
  daysAgo < joined && daysAgo > left;

/** About every sixth workday; half of the time they sign out in the evening. */
function workdays({ on, isWorkday }: Calendar, person: Employee, index: number): Scene[] {
  const dates = Array.from({ length: pastDays - 1 }, (_, day) => day + 1);
  const worked = dates.filter((day) => isStaff(person, day) && isWorkday(day) && (index * 7 + day * 3) % 6 === 0);
  return worked.flatMap((day) => {
    const arrival = { at: on(day, 7, (index * 13 + day * 17) % 150), play: signIn(person) };
    const leaving = { at: on(day, 13, (index * 11 + day * 7) % 50), play: signOut(person) };
    return (index + day) % 2 === 0 ? [arrival, leaving] : [arrival];
  });
}

const signIn =
  ({ username }: Employee): Scene['play'] =>
  (stage) =>
    stage.as(username);

const signOut =
  ({ username }: Employee): Scene['play'] =>
  async (stage) =>
    logout(await stage.as(username));

/** Every other person stays signed in on a phone. */
function phone({ on }: Calendar, person: Employee, index: number): Scene[] {
  if (index % 2 === 1 || !isStaff(person, 1)) return [];
  const play: Scene['play'] = (stage) => stage.signIn(person.username, phoneOf(person.username), true);
  return [{ at: on(1 + (index % 5), 18, index), play }];
}

function today({ ago }: Calendar, person: Employee, index: number): Scene[] {
  if (index % 3 === 2 || !isStaff(person, 1)) return [];
  return [{ at: ago(hours(1) + minutes((index * 29) % 240)), play: signIn(person) }];
}
