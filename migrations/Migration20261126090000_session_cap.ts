import { Migration } from '@mikro-orm/migrations';
import { endSurplusSessions } from './routines/session-cap.js';

/** A sign-in ends what an account has of sessions beyond their number. */
export class Migration20261126090000_session_cap extends Migration {
  override up(): void {
    this.addSql(endSurplusSessions.create);
  }

  override down(): void {
    this.addSql('drop function gatehouse_end_surplus_sessions(uuid, uuid, integer, timestamptz, text, text)');
  }
}
