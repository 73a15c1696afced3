import { type Condition, FieldCondition, MongoQueryParser, allParsingInstructions as parsing } from '@ucast/mongo2js';
import { type Conditions, isValuePlaceholder, rolesPlaceholder } from './conditions.js';

/** A leaf whose operand contains placeholders; the comparison is known once they are filled in. */
export class Template extends FieldCondition<FieldCondition> {
  constructor(comparison: FieldCondition) {
    super('template', comparison.field, comparison);
  }
}

const holdsPlaceholder = (value: unknown): boolean =>
  value === rolesPlaceholder || isValuePlaceholder(value) || (Array.isArray(value) && value.some(isValuePlaceholder));

type FieldInstruction = typeof parsing.$eq;

const leafInstruction = (validate: FieldInstruction['validate']): FieldInstruction => ({
  type: 'field',
  validate: (instruction, value) => {
    if (!holdsPlaceholder(value)) validate?.(instruction, value);
  },
  parse: ({ name }, value, { field }) => {
    const comparison = new FieldCondition(name, field, value);
    return holdsPlaceholder(value) ? new Template(comparison) : comparison;
  },
});

const { $and, $or, $nor, $not, $eq, $ne, $in, $nin, $gt, $gte, $lt, $lte, $exists } = parsing;
const leaves = Object.entries({ $eq, $ne, $in, $nin, $gt, $gte, $lt, $lte, $exists }).map(
  ([name, { validate }]) => [name, leafInstruction(validate as FieldInstruction['validate'])] as const,
);
const parser = new MongoQueryParser({ $and, $or, $nor, $not, ...Object.fromEntries(leaves) });

/** @returns the tree; leaves with placeholders are instances of `Template` */
export const parse = (conditions: Conditions): Condition => parser.parse(mongoQueryOf(conditions));

/** Rewrites conditions for CASL's parser, which accepts `$not` only on a field: `$not: X` becomes `$nor: [X]`. */
export const mongoQueryOf = (conditions: Conditions): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(conditions).map(([key, value]) => {
      if (key === '$not') return ['$nor', [mongoQueryOf(value as Conditions)]];
      if (key === '$and' || key === '$or') return [key, (value as Conditions[]).map(mongoQueryOf)];
      return [key, ordinary(value)];
    }),
  );

/** Copies objects without a prototype, as GraphQL creates them: the parser would take them for values. */
function ordinary(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, ordinary(part)]));
}
