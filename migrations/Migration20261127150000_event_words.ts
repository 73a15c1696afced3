import { Migration } from '@mikro-orm/migrations';

/** Security events are found by the words in their details. The words are not part of the chain. */
export class Migration20261127150000_event_words extends Migration {
  override up(): void {
    this.addSql('alter table "security_events" add column "words" tsvector null');
    this.addSql(formerWords);
    // With a list of what is not yet sorted in, now and then one batch would sort in megabytes of it while others wait.
    this.addSql(
      `create index "security_events_words" on "security_events" using gin ("words") with (fastupdate = off)
       where "words" is not null`,
    );
  }

  override down(): void {
    this.addSql('drop index "security_events_words"');
    this.addSql('alter table "security_events" drop column "words"');
  }
}

/**
 * Of events that are published already. The program splits words finer: here marks beyond ASCII belong to a word, and the
 * database's own rules decide what a small letter is.
 */
const formerWords = `
  update "security_events" e set "words" = array_to_tsvector(found.words)
  from (
    select e.sequence, e.published_at, array_agg(distinct left(word, 100)) as words
    from "security_events" e, lateral (
      select value #>> '{}' as text from jsonb_path_query(e.details, 'strict $.**') as value
      where jsonb_typeof(value) in ('string', 'number')
      union all
      select jsonb_object_keys(e.details -> 'changes') where jsonb_typeof(e.details -> 'changes') = 'object'
    ) as part, lateral regexp_split_to_table(lower(part.text), '[\\x01-\\x2f\\x3a-\\x60\\x7b-\\x7f]+') as word
    where word <> '' group by e.sequence, e.published_at
  ) found
  where e.sequence = found.sequence and e.published_at = found.published_at`;
