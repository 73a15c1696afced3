import { type Condition, guard } from '@ucast/mongo2js';
import type { Conditions } from './conditions.js';

export type Attributes = Readonly<Record<string, unknown>>;
export interface Binding {
  readonly user: { readonly id: string; readonly email: string; readonly roles: readonly string[] };
  readonly now: Date;
}
export class Predicate {
  constructor(
    readonly ast: Condition,
    readonly conditions: Conditions,
  ) {}
  matches(attributes: Attributes, binding: Binding): boolean {
    const text = JSON.stringify(this.conditions)
      .replaceAll('${user.id}', binding.user.id)
      .replaceAll('${user.email}', binding.user.email)
      .replaceAll('"${user.roles}"', JSON.stringify(binding.user.roles))
      .replaceAll('${now}', binding.now.toISOString());
    return guard(JSON.parse(text))(attributes as Record<string, unknown>);
  }
}
export const predicateOf = (conditions: Conditions): Predicate =>
  new Predicate(guard(conditions as Record<string, unknown>).ast, conditions);
