import fc from 'fast-check';
import type { Attributes, Binding } from '../../src/policy/condition-matching.js';
import type { Conditions } from '../../src/policy/conditions.js';

/** Each attribute has few values, so that matches and near misses are frequent. */
export const ids = ['0b7d7b1e-3c60-4d7c-8d4e-0f2a3b4c5d6e', 'a3f1c9d2-7e48-4b6a-9c05-1d2e3f4a5b6c'] as const;
const texts = ['', 'news', 'sport', 'News', 'écho', '\u{1f600}', '\uff5e', '2024-01-01', ids[0].toUpperCase()];
const instants = ['2024-01-01T00:00:00.000Z', '2024-01-01T00:00:00.001Z', '2025-06-30T12:34:56.789Z'];
const numbers = [-1.5, 0, 1, 2, 2.5, 1e21, 5e-324];

/** Values of attributes by path. In regular attributes each path has values of one type; `tags` is a list of them. */
export const vocabulary = {
  authorId: ids,
  category: texts,
  published: [true, false],
  score: numbers,
  createdAt: instants,
  'owner.email': ['ann@example.com', 'bob@example.com'],
  'owner.post.title': ['One', 'Two'],
  tags: ['news', 'sport', 'editor'],
} as const;
type AttributePath = keyof typeof vocabulary;
const paths = Object.keys(vocabulary) as AttributePath[];
/** Paths that are missing, or that lead into something that is not a document. */
const strangePaths = [
  'nothing',
  'owner',
  'owner.name',
  'owner.post',
  'nothing.x',
  'category.length',
  'category.0',
  'score.x.y',
  'tags.0',
];

const anyValue = fc.constantFrom<unknown>(...Object.values(vocabulary).flat(), null);
const frequentlyOf = (values: readonly unknown[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...values, null) }, { weight: 1, arbitrary: anyValue });

const scalar = (path: AttributePath) => frequentlyOf(vocabulary[path]);
const someOf = (values: readonly unknown[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.array(fc.constantFrom(...values), { maxLength: 3 }) },
    { arbitrary: anyValue, weight: 1 },
  );

/** A document, another value in its place, or a list of both. */
const documentOrNot = (document: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 4, arbitrary: document },
    { weight: 1, arbitrary: anyValue },
    { weight: 1, arbitrary: fc.array(fc.oneof({ weight: 3, arbitrary: document }, anyValue), { maxLength: 2 }) },
  );
const optional = (entries: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(entries, { requiredKeys: [], noNullPrototype: true });

/** JSON attributes in which some are missing, null or of another type, and some documents are missing. */
export const arbitraryAttributes: fc.Arbitrary<Attributes> = fc.record(
  {
    authorId: scalar('authorId'),
    category: scalar('category'),
    published: scalar('published'),
    score: scalar('score'),
    createdAt: scalar('createdAt'),
    owner: documentOrNot(
      optional({
        email: scalar('owner.email'),
        post: documentOrNot(optional({ title: scalar('owner.post.title') })),
      }),
    ),
    tags: someOf(vocabulary.tags),
  },
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<Attributes>;

export const arbitraryBinding: fc.Arbitrary<Binding> = fc.record({
  user: fc.record({
    id: fc.constantFrom(...ids),
    email: fc.constantFrom(...vocabulary['owner.email']),
    roles: fc.uniqueArray(fc.constantFrom(...vocabulary.tags), { maxLength: 2 }),
  }),
  now: fc.constantFrom(...instants).map((instant) => new Date(instant)),
});

/** A function, because linters report template placeholders in plain strings. */
export const placeholder = (name: string): string => `\${${name}}`;

const operandsOf = (values: readonly unknown[]) => {
  const filledIn = fc.constantFrom<unknown>(...['user.id', 'user.email', 'now'].map(placeholder));
  const value = fc.oneof({ weight: 5, arbitrary: frequentlyOf(values) }, { weight: 1, arbitrary: filledIn });
  const ordered = value.filter((operand) => typeof operand === 'string' || typeof operand === 'number');
  const list = fc.array(value, { minLength: 1, maxLength: 3 });
  const listed = fc.oneof(
    { weight: 4, arbitrary: list },
    { weight: 1, arbitrary: fc.constant(placeholder('user.roles')) },
  );
  return { value, ordered, listed };
};

/** @param negations depth to which `$not` may be nested around an operator */
function fieldOperators(values: readonly unknown[], negations: number): fc.Arbitrary<Record<string, unknown>> {
  const { value, listed } = operandsOf(values);
  const isOrdered = values.some((known) => typeof known !== 'boolean');
  const ordered = isOrdered ? operandsOf(values).ordered : fc.constantFrom<unknown>(1, 'news');
  const operators = {
    $eq: value,
    $ne: value,
    $in: listed,
    $nin: listed,
    $gt: ordered,
    $gte: ordered,
    $lt: ordered,
    $lte: ordered,
    $exists: fc.boolean(),
    ...(negations > 0 && { $not: fieldOperators(values, negations - 1) }),
  };
  const names = Object.keys(operators) as (keyof typeof operators)[];
  return fc
    .uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 2 })
    .chain((chosen) =>
      fc.record(Object.fromEntries(chosen.map((name) => [name, operators[name] ?? value])), { noNullPrototype: true }),
    );
}

const field: fc.Arbitrary<[string, unknown]> = fc
  .tuple(
    fc.constantFrom(...paths),
    fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, fc.constantFrom(...strangePaths)),
  )
  .chain(([path, strange]) => {
    const values: readonly unknown[] = vocabulary[path];
    return fc.tuple(
      fc.constant(strange ?? path),
      fc.oneof(operandsOf(values).value, fieldOperators(values, 2), fieldOperators(values, 0)),
    );
  });

function documents(levels: number): fc.Arbitrary<Conditions> {
  const entries: fc.Arbitrary<[string, unknown]>[] = [field];
  if (levels > 0) {
    const inner = documents(levels - 1);
    const several = fc.array(inner, { minLength: 1, maxLength: 3 });
    entries.push(fc.tuple(fc.constantFrom('$and', '$or'), several), fc.tuple(fc.constant('$not'), inner));
  }
  return fc.array(fc.oneof(...entries), { minLength: 1, maxLength: 2 }).map((parts) => Object.fromEntries(parts));
}

/**
 * One or two comparisons side by side. They distinguish attributes well; deeper conditions mostly match all or nothing.
 */
export const plainConditions: fc.Arbitrary<Conditions> = documents(0);

const clausesIn = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, part) => sum + clausesIn(part), 0);
};

/** Conditions that `checkedConditions` accepts unchanged. */
export const arbitraryConditions: fc.Arbitrary<Conditions> = documents(3).filter(
  (conditions) => clausesIn(conditions) <= 50 && JSON.stringify(conditions).length <= 4000,
);
