import { Field, Float, ObjectType } from 'type-graphql';
import type { BoundedCount } from '../database/bounded-count.js';

@ObjectType('EstimatedCount', {
  simpleResolvers: true,
  description: 'A number of rows: exact up to 10,000, an estimate beyond.',
})
export class EstimatedCountType implements BoundedCount {
  @Field(() => Float, { description: 'How many there are.' })
  count!: number;

  @Field(() => Boolean, { description: 'Whether `count` is an estimate.' })
  isEstimate!: boolean;
}
