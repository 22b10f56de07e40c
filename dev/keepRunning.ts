import { Mishap, sentenceOf } from './mishap.ts';
import type { Say } from './say.ts';

/** A process that was started and is ready. */
export interface Running {
  pid: number;
  /** Settles when it has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

export interface KeepOptions<T extends Running> {
  name: string;
  start(): Promise<T>;
  say: Say;
  /** Called with what was started in the place of one that ended. */
  onRestart?(running: T): void;
  /** It ended too often: whoever keeps it must give up. */
  onHopeless(error: Error): void | Promise<void>;
}

export interface Kept<T extends Running> {
  current: T;
  stop(): Promise<void>;
}

const mostRestarts = 5;
const withinMs = 60_000;

/** Starts something, and starts it again whenever it ends by itself. @throws what the first start throws */
export async function keepRunning<T extends Running>({
  name,
  start,
  say,
  onRestart,
  onHopeless,
}: KeepOptions<T>): Promise<Kept<T>> {
  const restarts: number[] = [];
  let stopping = false;
  let restarting: Promise<void> | null = null;
  const kept: Kept<T> = {
    current: await start(),
    stop: async () => {
      stopping = true;
      await restarting;
      await kept.current.stop();
    },
  };
  watch(kept.current);
  return kept;

  function watch(running: T): void {
    void running.ended.then(() => {
      if (!stopping) restarting = startAgain().finally(() => (restarting = null));
    });
  }

  async function startAgain(): Promise<void> {
    while (!stopping) {
      const recent = restarts.filter((at) => at > Date.now() - withinMs);
      if (recent.length >= mostRestarts)
        return void onHopeless(new Mishap(`${name} ended ${mostRestarts + 1} times within a minute.`));
      restarts.push(Date.now());
      say(`${name} has ended; starting it again`);
      await new Promise((resolve) => setTimeout(resolve, recent.length === 0 ? 0 : 250 * 2 ** recent.length));
      try {
        kept.current = await start();
      } catch (error) {
        say(sentenceOf(error));
        continue;
      }
      say(`${name} is back`);
      onRestart?.(kept.current);
      return watch(kept.current);
    }
  }
}
