import { type Condition, FieldCondition, MongoQueryParser, allParsingInstructions as parsing } from '@ucast/mongo2js';
import { type Conditions, isValuePlaceholder, rolesPlaceholder } from './conditions.js';

/** Stands in the tree for a comparison that is known only when its placeholders are filled in. */
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

/** @returns the tree, with a `Template` for each leaf that holds placeholders */
export const parse = (conditions: Conditions): Condition => parser.parse(mongoQueryOf(conditions));

/** The same in the words of CASL's own parser, which knows `$not` only of a field: `$not: X` becomes `$nor: [X]`. */
export const mongoQueryOf = (conditions: Conditions): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(conditions).map(([key, value]) => {
      if (key === '$not') return ['$nor', [mongoQueryOf(value as Conditions)]];
      if (key === '$and' || key === '$or') return [key, (value as Conditions[]).map(mongoQueryOf)];
      return [key, ordinary(value)];
    }),
  );

/** An object without a prototype, as GraphQL makes them, would be taken for a value. */
function ordinary(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, ordinary(part)]));
}
