import { Migration } from '@mikro-orm/migrations';

/** Of tables whose rows come and go, or change with each sign-in. */
const tables = ['users', 'sessions', 'refresh_tokens', 'attempts', 'jobs'];

/**
 * Autovacuum begins when 2 % of a table is dead rather than a fifth, which of a hundred million sessions would be a month of sweeping; so
 * their room is used again, and the sweep does not walk over dead entries of its indexes. Statistics follow as early: whether
 * sessions have expired is counted by them.
 */
export class Migration20261209120000_early_vacuum extends Migration {
  override up(): void {
    for (const table of tables)
      this.addSql(
        `alter table "${table}" set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`,
      );
  }

  override down(): void {
    for (const table of tables)
      this.addSql(`alter table "${table}" reset (autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor)`);
  }
}
