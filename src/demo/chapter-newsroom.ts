import { after, hours, minutes } from '../clock.js';
import { createComment } from '../content/create-comment.js';
import { createPost } from '../content/create-post.js';
import { deleteComment } from '../content/delete-comment.js';
import { publishPost } from '../content/publish-post.js';
import type { Calendar } from './calendar.js';
import { type Article, articles, remarks } from './newsroom.js';
import type { Scene } from './scene.js';
import { staff } from './staff.js';
import type { Stage } from './stage.js';

/** Posts, their publication, and comments by people of all desks. */
export const publishing = (calendar: Calendar): readonly Scene[] =>
  articles.flatMap((article, index) => [
    { at: writtenAt(calendar, article), play: (stage: Stage) => write(stage, article) },
    ...publication(calendar, article, index),
  ]);

const writtenAt = ({ on }: Calendar, { daysAgo, hour }: Article): Date => on(daysAgo, hour, 7);

async function write(stage: Stage, { author, category, title, body }: Article): Promise<void> {
  stage.posts.add(title, await createPost(await stage.as(author), { category, title, body }));
}

const reviewTime = hours(3);

function publication(calendar: Calendar, article: Article, index: number): Scene[] {
  const { publisher, title } = article;
  if (publisher === undefined) return [];
  const at = after(writtenAt(calendar, article), reviewTime);
  const play = async (stage: Stage) => publishPost(await stage.as(publisher), stage.posts.get(title), true);
  return [{ at, play }, ...comments(at, title, index)];
}

/** Two comments on each, three on every third. */
const comments = (published: Date, title: string, index: number): Scene[] =>
  Array.from({ length: index % 3 === 0 ? 3 : 2 }, (_, turn) => ({
    at: after(published, minutes(35 * (turn + 1) + (index % 7))),
    play: (stage: Stage) => comment(stage, title, index * 3 + turn),
  }));

const commenters = staff.filter(({ joined, left }) => joined === undefined && left === undefined);

async function comment(stage: Stage, title: string, turn: number): Promise<void> {
  const author = commenters[(turn * 5) % commenters.length]?.username ?? '';
  const body = remarks[turn % remarks.length] ?? '';
  const made = await createComment(await stage.as(author), { postId: stage.posts.get(title), body });
  // Some break the house rules, as a moderator finds.
  if (turn % 16 === 4) await deleteComment(await stage.as('grace.wanjiru'), made.id);
}
