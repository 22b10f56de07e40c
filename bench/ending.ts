import { killAll } from '../dev/offspring.ts';

/**
 * Ends a run once, however it comes to its end, with everything cleared away: by itself, by a fault, by Ctrl-C, or because
 * the process that started it has gone. What was under way fails when the engines go; of that nothing is said.
 */
export function endOnce(clearAway: () => Promise<unknown>) {
  let ending = false;

  async function end(code: number): Promise<void> {
    if (ending) return;
    ending = true;
    await clearAway().catch(() => {});
    // Also where the ground itself did not come up.
    killAll();
    process.exit(code);
  }
  async function fail(error: unknown): Promise<void> {
    if (!ending) console.error(error);
    await end(1);
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const)
    process.on(signal, () => {
      if (!ending) console.error('Stopped before its end; clearing away');
      void end(130);
    });
  process.on('uncaughtException', fail);
  return { end, fail };
}
