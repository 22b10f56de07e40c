import type { Sql } from 'postgres';
import type { LiveTopic } from '../domain/live.ts';

/** Besides what screens show: some session of the practice ended or was locked, or this process ends. */
type Heard = LiveTopic | 'sessions' | 'goodbye';
const topics: readonly Heard[] = ['book', 'tasks', 'followUp', 'online', 'messages', 'bookings', 'sessions'];

/** A burst of changes reaches a screen as one at its start and one at its end. */
const atMostEveryMs = 250;

export interface LiveUpdates {
  /** Calls back with topics of the practice that changed from now on. Resolves when nothing can be missed any more. */
  subscribe(practiceId: string, changed: (topic: Heard) => void): Promise<() => void>;
  /** Tells every process that some session of the practice ended. */
  sessionsChanged(practiceId: string): Promise<void>;
  close(): Promise<void>;
}

/** One LISTEN connection for this process, opened with the first subscriber. */
export function createLiveUpdates(sql: Sql): LiveUpdates {
  const subscribers = new Map<string, Set<(topic: Heard) => void>>();
  const pauses = new Map<string, { again: boolean; timer: NodeJS.Timeout }>();
  let listening: ReturnType<Sql['listen']> | undefined;

  function tell(practiceId: string, topic: Heard): void {
    const key = `${practiceId} ${topic}`;
    const pause = pauses.get(key);
    if (pause) {
      pause.again = true;
      return;
    }
    for (const changed of subscribers.get(practiceId) ?? []) changed(topic);
    const timer = setTimeout(() => {
      const { again } = pauses.get(key)!;
      pauses.delete(key);
      if (again) tell(practiceId, topic);
    }, atMostEveryMs);
    timer.unref();
    pauses.set(key, { again: false, timer });
  }

  const heard = (payload: string) => {
    const { p: practiceId, t: topic } = JSON.parse(payload) as { p: string; t: Heard };
    if (subscribers.has(practiceId) && topics.includes(topic)) tell(practiceId, topic);
  };
  // Also after a lost connection: what was said meanwhile is unknown, so anything may have changed.
  const listensAgain = () => {
    for (const practiceId of subscribers.keys()) for (const topic of topics) tell(practiceId, topic);
  };

  return {
    async subscribe(practiceId, changed) {
      listening ??= sql.listen('live', heard, listensAgain);
      await listening.catch((error) => {
        listening = undefined;
        throw error;
      });
      const ofPractice = subscribers.get(practiceId) ?? new Set();
      subscribers.set(practiceId, ofPractice.add(changed));
      return () => {
        ofPractice.delete(changed);
        if (ofPractice.size === 0) subscribers.delete(practiceId);
      };
    },
    async sessionsChanged(practiceId) {
      await sql.notify('live', JSON.stringify({ p: practiceId, t: 'sessions' }));
    },
    async close() {
      for (const { timer } of pauses.values()) clearTimeout(timer);
      pauses.clear();
      for (const ofPractice of subscribers.values()) for (const changed of ofPractice) changed('goodbye');
      await (await listening)?.unlisten();
    },
  };
}
