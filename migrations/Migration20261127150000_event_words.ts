import { Migration } from '@mikro-orm/migrations';

/** Security events are found by the words in their details. The words are not part of the chain. */
export class Migration20261127150000_event_words extends Migration {
  override up(): void {
    this.addSql('alter table "security_events" add column "words" tsvector null');
    this.addSql(formerWords);
    // What is not yet sorted in is read by each search, and sorted in by the batch that fills the list.
    this.addSql(
      `create index "security_events_words" on "security_events" using gin ("words") with (gin_pending_list_limit = 256)
       where "words" is not null`,
    );
  }

  override down(): void {
    this.addSql('drop index "security_events_words"');
    this.addSql('alter table "security_events" drop column "words"');
  }
}

/** An id, a day, or characters in a row that are no punctuation, spaces or controls of ASCII. */
const word = '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\d{4}-\\d\\d-\\d\\d|[^\\x01-\\x2f\\x3a-\\x60\\x7b-\\x7f]+)';

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
    ) as part, lateral (
      select match[1] as word
      from regexp_matches(regexp_replace(lower(part.text), '(\\d{4}-\\d\\d-\\d\\d)t[0-9:.]+z', '\\1', 'g'), '${word}', 'g') as match
    ) as words
    group by e.sequence, e.published_at
  ) found
  where e.sequence = found.sequence and e.published_at = found.published_at`;
