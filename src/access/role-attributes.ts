import type { Attributes } from '../policy/condition-matching.js';
import type { Role } from './role.entity.js';

/** What decisions ask of a role. */
export type RoleFacts = Pick<Role, 'id' | 'name' | 'level' | 'isSystem'>;

/** What conditions on roles may ask for: the list of permission-catalogue.ts. */
export const attributesOfRole = ({ id, name, level, isSystem }: RoleFacts): Attributes => ({
  id,
  name,
  level,
  isSystem,
});
