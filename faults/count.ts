/** What a scenario has counted. */
export interface Count {
  readonly what: string;
  readonly value: number;
  /** Largest value that is right; without it the count only tells the size of the scenario. */
  readonly atMost?: number;
}

export interface Findings {
  readonly title: string;
  readonly counts: readonly Count[];
}

/** A count that has to be zero. */
export const none = (what: string, value: number): Count => ({ what, value, atMost: 0 });

/** Whether something is as it has to be. @param what is wrong if it is not */
export const holds = (what: string, isRight: boolean): Count => none(what, isRight ? 0 : 1);

/** A number below zero stands for something that could not be counted. */
export const isWrong = ({ value, atMost }: Count): boolean => atMost !== undefined && (value > atMost || value < 0);
