import { UnitOfWork } from '@mikro-orm/core';

/** What is used of MikroORM's unit of work, which keeps it private. */
interface Flushing {
  working: boolean;
  readonly flushQueue: (() => Promise<unknown>)[];
  doCommit(): Promise<void>;
  postCommitCleanup(): void;
}

const { commit } = UnitOfWork.prototype;

/**
 * Has MikroORM flush without an AsyncLocalStorage, by which it finds a flush within a hook of an entity; there are no such
 * hooks here. From the first use of one, Node before 24 calls a function for every promise and every write to a socket:
 * an eighth of the time in which an event is told to a thousand sockets.
 */
export function flushPlainly(): void {
  UnitOfWork.prototype.commit = async function (this: UnitOfWork): Promise<void> {
    const flushing = this as unknown as Flushing;
    if (flushing.working) return commit.call(this);
    try {
      flushing.working = true;
      await flushing.doCommit();
      while (flushing.flushQueue.length > 0) await flushing.flushQueue.shift()?.();
    } finally {
      flushing.postCommitCleanup();
      flushing.working = false;
    }
  };
}
