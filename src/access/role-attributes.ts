import type { Attributes } from '../policy/condition-matching.js';
import type { Role } from './role.entity.js';

/** The facts about a role that access decisions use. */
export type RoleFacts = Pick<Role, 'id' | 'name' | 'level' | 'isSystem'>;

/** Attributes of a role, as listed in permission-catalogue.ts. */
export const attributesOfRole = ({ id, name, level, isSystem }: RoleFacts): Attributes => ({
  id,
  name,
  level,
  isSystem,
});
