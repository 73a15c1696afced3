import type { Calendar } from './calendar.js';
import type { Stage } from './stage.js';

/** Something that happens at an instant of the demo's past. */
export interface Scene {
  readonly at: Date;
  play(stage: Stage): Promise<unknown>;
}

/** A part of the past; the scenes of all parts are played in the order of time. */
export type Chapter = (calendar: Calendar) => readonly Scene[];
