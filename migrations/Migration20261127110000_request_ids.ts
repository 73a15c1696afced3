import { Migration } from '@mikro-orm/migrations';
import { dropSessionCap, endSurplusSessions as former } from './Migration20261127090000_event_chain.js';
import { endSurplusSessions } from './routines/session-cap.js';

/** Events of sessions that a sign-in ends beyond their number get the id of its request. */
export class Migration20261127110000_request_ids extends Migration {
  override up(): void {
    this.addSql(dropSessionCap);
    this.addSql(endSurplusSessions.create);
  }

  override down(): void {
    this.addSql('drop function gatehouse_end_surplus_sessions(uuid, uuid, integer, timestamptz, text, text, text)');
    this.addSql(former);
  }
}
