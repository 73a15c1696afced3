import { pageSize } from './requests.js';

const standing = 'g.revoked_at is null and (g.expires_at is null or g.expires_at > now())';

const rolesOf = (columns: readonly string[]): string => `
  (select json_agg(json_build_object(${columns.map((name) => `'${name}', r.${name}`).join(', ')}) order by r.level desc, r.name)
   from role_grants g join roles r on r.id = g.role_id where g.user_id = u.id and ${standing}) as roles`;

const fullName = `first_name || ' ' || last_name as "fullName"`;

/** What the service answers with several statements, as somebody would write it by hand for this one purpose. */
export const viewerStatement = {
  name: 'viewer',
  text: `select id, username, ${fullName}, ${rolesOf(['id', 'name'])} from users u where id = $1`,
};

export const usersStatement = {
  name: 'users',
  text: `select id, username, email, ${fullName}, is_active as "isActive", is_verified as "isVerified",
      is_admin as "isAdmin", created_at as "createdAt", last_login_at as "lastLoginAt",
      ${rolesOf(['id', 'name', 'level'])}
    from users u order by created_at, id limit ${pageSize}`,
};
