import type { Sql } from '../database/sql.js';

interface KnownRole {
  readonly id: string;
  readonly name: string;
  readonly isSystem: boolean;
}

/** The roles that records can name: those of the database, and those of the file as they are taken. */
export class KnownRoles {
  private readonly byName = new Map<string, KnownRole>();
  private readonly byId = new Map<string, KnownRole>();

  static async read(sql: Sql): Promise<KnownRoles> {
    const roles = new KnownRoles();
    const text = 'select id, name, is_system as "isSystem" from roles where deleted_at is null';
    for (const role of await sql.rows<KnownRole>(text)) roles.add(role, true);
    return roles;
  }

  /** @param id in the file, if it differs from that in the database */
  add(role: KnownRole, isLiving: boolean, id = role.id): void {
    if (isLiving) this.byName.set(role.name.toLowerCase(), role);
    this.byId.set(id, role);
  }

  named(name: string): KnownRole | undefined {
    return this.byName.get(name.normalize('NFKC').trim().toLowerCase());
  }

  /** @param id in the file */
  withId(id: string): KnownRole | undefined {
    return this.byId.get(id);
  }

  /** @returns the id in the database of a role that has another one there than in the file; otherwise the same text */
  translated(text: string): string {
    return this.byId.get(text)?.id ?? text;
  }

  get everyone(): KnownRole {
    return this.system('user');
  }

  get administrators(): KnownRole {
    return this.system('admin');
  }

  private system(name: string): KnownRole {
    const role = this.byName.get(name);
    if (!role?.isSystem) throw new Error(`The role ${name} is missing`);
    return role;
  }
}
