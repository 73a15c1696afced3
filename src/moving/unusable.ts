import { Refusal } from '../errors.js';
import { type Problem, type ProblemCode, problem } from './sources/found.js';

/** Thrown while a record is checked. */
export class Unusable extends Error {
  readonly problem: Problem;

  constructor(code: ProblemCode, reason: string) {
    super(code);
    this.problem = problem(code, reason);
  }
}

/** @returns the problem that an error tells of @throws any error that is not about the record */
export function problemOf(error: unknown): Problem {
  if (error instanceof Unusable) return error.problem;
  if (error instanceof Refusal)
    return problem(
      'INVALID_INPUT',
      error.errors
        .map(({ message }) => message)
        .join(' ')
        .slice(0, 500),
    );
  throw error;
}
